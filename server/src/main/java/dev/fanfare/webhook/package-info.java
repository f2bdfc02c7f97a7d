/// Webhooks: sends events to the servers of apps over HTTP (section 7), without loss.
///
/// An event is accepted from the listener without blocking, held back if it may still be undone,
/// and put into the [Outbox]. From there the [Courier] of each endpoint sends it until it is
/// delivered or becomes a dead letter.
///
/// [DurableOutbox] keeps its entries in a file, and continues in memory while the disk fails;
/// [MemoryOutbox] is the outbox in memory, alone or inside a durable one.
///
/// May import: the packages below it; `java.net.http` and the store's library stay here.
@NullMarked
package dev.fanfare.webhook;

import org.jspecify.annotations.NullMarked;
