/// Events that were accepted and are not delivered yet. Every [Outbox] plans an [OutboxChange] and
/// reads through a [Table]; [MemoryOutbox] has a [MemoryTable]. What waits is bounded in bytes by
/// [FairBytes].
///
/// May import: the packages below `webhook`.
@NullMarked
package dev.fanfare.webhook.outbox;

import org.jspecify.annotations.NullMarked;
