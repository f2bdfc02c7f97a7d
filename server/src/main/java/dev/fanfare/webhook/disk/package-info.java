/// An outbox that survives the process: [DurableOutbox] has an [OutboxFile], and while the disk
/// fails an [OverlayTable] over it. A damaged file is replaced by what [Salvage] can read of it.
///
/// May import: `webhook.outbox`; the store's library stays here.
@NullMarked
package dev.fanfare.webhook.disk;

import org.jspecify.annotations.NullMarked;
