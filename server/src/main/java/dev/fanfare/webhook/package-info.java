/// What happened, told to an app's own servers over HTTP (section 7), and never lost on the way.
///
/// An event is taken from the listener without blocking, held back if it may yet be undone, put
/// into the [Outbox] and from there sent, endpoint by endpoint, until it is delivered or given up
/// as a dead letter.
///
/// [DurableOutbox] keeps its entries in a file and does without it while the disk fails;
/// [MemoryOutbox] is what it answers from, and an outbox in memory by itself.
///
/// May import: the words and the core below it; `java.net.http` and the store's library stay here.
@NullMarked
package dev.fanfare.webhook;

import org.jspecify.annotations.NullMarked;
