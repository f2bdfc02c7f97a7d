/// How nodes talk to each other.
///
/// [Bus] is the port, [BusMessage] what goes over it, [LocalBus] the one for a single node.
/// Semantics are at most once, and local delivery never waits for it.
///
/// May import: `protocol`.
@NullMarked
package dev.fanfare.bus;

import org.jspecify.annotations.NullMarked;
