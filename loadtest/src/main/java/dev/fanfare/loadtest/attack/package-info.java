/// The attacks of `abuse`, one class each, and what runs them.
///
/// An [Attack] says what one socket does; a [Siege] repeats it on many sockets, each with a virtual
/// thread, until the time is up, closes everything and returns a [Tally]. [AttackProcess] is the
/// program that runs sieges in a separate process, so that attackers do not delay those who
/// measure; [AttackCatalog] lists the attacks.
///
/// May import: the JDK, `protocol`, `plan`, `wire` and `client`.
@NullMarked
package dev.fanfare.loadtest.attack;

import org.jspecify.annotations.NullMarked;
