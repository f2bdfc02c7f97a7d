/// Communication between nodes.
///
/// [Bus] is the port, [BusMessage] its messages, [LocalBus] the implementation for a single node.
/// Delivery is at most once and in the order of publishing, and local delivery never waits for it.
///
/// May import: `protocol`, `app`, `observe`.
@NullMarked
package dev.fanfare.bus;

import org.jspecify.annotations.NullMarked;
