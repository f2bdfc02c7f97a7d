/// Webhooks: sends events to the servers of apps over HTTP (section 7), without loss.
///
/// An event is accepted from the listener without blocking, held back if it may still be undone,
/// and put into the [Outbox]. From there the [Courier] of each endpoint sends it until it is
/// delivered or becomes a dead letter.
///
/// Every outbox plans a [OutboxChange] and reads through a [Table]. [DurableOutbox] has an
/// [OutboxFile], and while the disk fails an [OverlayTable] over it; [MemoryOutbox] has a
/// [MemoryTable]. Couriers know the ids of what waits and read the events when they send them.
///
/// What waits is bounded in bytes by [FairBytes]. [Reconciliation] reports what has left while the
/// server was not running.
///
/// May import: the packages below it; `java.net.http` and the store's library stay here.
@NullMarked
package dev.fanfare.webhook;

import org.jspecify.annotations.NullMarked;
