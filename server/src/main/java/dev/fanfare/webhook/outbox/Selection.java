package dev.fanfare.webhook.outbox;

import org.jspecify.annotations.Nullable;

/// Some of an app's webhooks: those for one endpoint or for all, of events that happened within a
/// period.
///
/// @param endpoint the URL as configured; null for all endpoints
/// @param sinceMs the first moment, milliseconds since the epoch
/// @param untilMs the first moment after the period, milliseconds since the epoch
public record Selection(String appId, @Nullable String endpoint, long sinceMs, long untilMs) {

  /// All webhooks of an app.
  public static Selection ofApp(String appId) {
    return new Selection(appId, null, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  boolean contains(Outbox.Draft draft) {
    return draft.appId().equals(appId)
        && (endpoint == null || draft.endpoint().equals(endpoint))
        && draft.createdMs() >= sinceMs
        && draft.createdMs() < untilMs;
  }
}
