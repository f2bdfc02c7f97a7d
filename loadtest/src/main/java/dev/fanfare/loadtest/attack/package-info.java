/// What an attack is, and what runs it. The attacks are in `attack.connection`, `attack.http` and
/// `attack.websocket`, one class each; `abuse.AttackCatalog` lists them.
///
/// An [Attack] says what one socket does; a [Siege] repeats it on many sockets, each with a virtual
/// thread, until the time is up, closes everything and returns a [Tally].
///
/// May import: the JDK, `protocol`, `plan`, `wire` and `client`.
@NullMarked
package dev.fanfare.loadtest.attack;

import org.jspecify.annotations.NullMarked;
