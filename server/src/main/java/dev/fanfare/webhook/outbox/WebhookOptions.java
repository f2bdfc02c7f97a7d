package dev.fanfare.webhook.outbox;

import dev.fanfare.webhook.disk.DurableOutbox;
import io.soabase.recordbuilder.core.RecordBuilder;

/// How the server keeps and sends its webhooks, for all apps.
///
/// @param dataDir the folder of a [DurableOutbox]; empty for memory only
/// @param maxDeadLetters undelivered events that are kept for a replay
/// @param holdBackSeconds how long `channel_vacated` and `member_removed` are delayed, in case the
///   channel or user comes back; 0 sends them at once
/// @param batchWindowMilliseconds how long an event waits for others to share its request; 0 sends
///   every event in a separate request
/// @param maxBatchEvents events of one request
/// @param maxPendingEvents events that may wait for one endpoint, not counting encrypted channels,
///   which have the same limit again; above it the newest are dropped
/// @param restartHoldBackSeconds how long after the start channels and members that were reported
///   before a crash may come back, before their departure is reported
/// @param maxDiskBytes bytes of pending events and dead letters in `dataDir`
@RecordBuilder
public record WebhookOptions(
    String dataDir,
    int maxDeadLetters,
    int holdBackSeconds,
    int batchWindowMilliseconds,
    int maxBatchEvents,
    int maxPendingEvents,
    int restartHoldBackSeconds,
    long maxDiskBytes)
    implements WebhookOptionsBuilder.With {

  /// For a server without webhooks: nothing is written to disk.
  public static final WebhookOptions DEFAULTS =
      WebhookOptionsBuilder.builder()
          .dataDir("")
          .maxDeadLetters(10_000)
          .holdBackSeconds(3)
          .batchWindowMilliseconds(50)
          .maxBatchEvents(100)
          .maxPendingEvents(100_000)
          .restartHoldBackSeconds(30)
          .maxDiskBytes(1L << 30)
          .build();
}
