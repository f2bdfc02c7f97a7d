package dev.fanfare.webhook;

import io.soabase.recordbuilder.core.RecordBuilder;

/// How the server keeps and sends its webhooks, for all apps.
///
/// @param dataDir the folder of a [DurableOutbox]; empty for memory only
/// @param maxDeadLetters events that nobody took and that are kept for a person to look at
/// @param holdBackSeconds how long a channel that was left, or a user who left, may come back
///   unnoticed; 0 sends at once
/// @param batchWindowMilliseconds how long an event waits for others to share its request; 0 sends
///   every event in a request of its own
/// @param maxBatchEvents events of one request
/// @param maxPendingEvents events that may wait for one endpoint; beyond it the newest are dropped
@RecordBuilder
public record WebhookOptions(
    String dataDir,
    int maxDeadLetters,
    int holdBackSeconds,
    int batchWindowMilliseconds,
    int maxBatchEvents,
    int maxPendingEvents)
    implements WebhookOptionsBuilder.With {

  /// Those of a server without webhooks: it writes nothing.
  public static final WebhookOptions DEFAULTS = new WebhookOptions("", 10_000, 3, 50, 100, 100_000);
}
