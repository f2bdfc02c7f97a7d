package dev.fanfare.webhook;

import io.soabase.recordbuilder.core.RecordBuilder;

/// How the server keeps its webhooks.
///
/// @param dataDir the folder of a [DurableOutbox]; empty for memory only
/// @param maxDeadLetters events that nobody took and that are kept for a person to look at
@RecordBuilder
public record WebhookOptions(String dataDir, int maxDeadLetters)
    implements WebhookOptionsBuilder.With {

  /// Those of a server without webhooks: it writes nothing.
  public static final WebhookOptions DEFAULTS = new WebhookOptions("", 10_000);
}
