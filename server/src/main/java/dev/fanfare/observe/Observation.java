package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that happened, for the log and the metrics. Immutable.
///
/// The outcome of webhooks is reported by their own threads; only a drop may be reported by an
/// event loop. An endpoint is its URL as configured.
public sealed interface Observation
    permits HttpExchange,
        RefusedRequest,
        Observation.ConnectionOpened,
        Observation.ConnectionClosed,
        Observation.ConnectionRefused,
        Observation.SocketRefused,
        Observation.SubscriptionRefused,
        Observation.SignedIn,
        Observation.CacheForgotten,
        Observation.EventsDropped,
        Observation.ReadingPaused,
        Observation.MessageRefused,
        Observation.QuotaExceeded,
        Observation.SignaturesForgotten,
        Observation.EventsRepeated,
        Observation.KeysForgotten,
        Observation.KeysUnshared,
        Observation.WebhookAccepted,
        Observation.WebhookAttempted,
        Observation.WebhookDelivered,
        Observation.WebhookRetried,
        Observation.WebhookDead,
        Observation.WebhookDropped {

  /// A connection was established.
  record ConnectionOpened(App app, Peer peer) implements Observation {}

  /// An established connection ended; `code` is that of the close frame, 1006 without one.
  record ConnectionClosed(App app, Peer peer, int code, String reason) implements Observation {}

  /// A connection was refused before it was established.
  record ConnectionRefused(String key, String remote, CloseCode code, String reason)
      implements Observation {}

  /// A socket was closed before its first request: not HTTP, or too slow.
  record SocketRefused(String remote, String reason) implements Observation {}

  /// A subscription was refused.
  ///
  /// @param code the `status` of the answer, which is an HTTP status
  /// @param given the signature that was not right; null if that was not the reason
  record SubscriptionRefused(
      App app, String channel, Peer peer, int code, String reason, @Nullable GivenSignature given)
      implements Observation {

    /// For another reason than a wrong signature.
    public SubscriptionRefused(App app, String channel, Peer peer, int code, String reason) {
      this(app, channel, peer, code, reason, null);
    }
  }

  /// A client signed in as a user.
  record SignedIn(App app, Peer peer, String userId) implements Observation {}

  /// The last event of a cache channel was forgotten before its time, because others needed the
  /// memory.
  record CacheForgotten(App app, String channel) implements Observation {}

  /// A connection that reads too slowly missed events, because its app is set to drop them.
  record EventsDropped(App app, Peer peer, int events) implements Observation {}

  /// The server reads from a connection only as fast as a limit allows from now on. Reported once
  /// per connection.
  record ReadingPaused(App app, Peer peer, String reason) implements Observation {}

  /// A client's message was answered with `pusher:error`.
  record MessageRefused(App app, Peer peer, @Nullable Integer code, String reason)
      implements Observation {}

  /// A request was refused because its app has reached a limit. The observation of that kind of
  /// refusal reports which request it was.
  record QuotaExceeded(App app, Quota quota) implements Observation {}

  /// An app's replay cache was full: signatures that could still be used again were forgotten.
  record SignaturesForgotten(App app, int signatures) implements Observation {}

  /// Events were not published, since they had been under the same idempotency key.
  record EventsRepeated(App app, int events) implements Observation {}

  /// Idempotency keys of an app were forgotten before their time, because there were too many.
  record KeysForgotten(String appId, int keys) implements Observation {}

  /// Idempotency keys of an app hold on this node only, because the engine could not be asked.
  record KeysUnshared(String appId, int keys, String reason) implements Observation {}

  /// An event was added to the outbox for an endpoint.
  record WebhookAccepted(String appId, String endpoint) implements Observation {}

  /// A request was sent to an endpoint.
  ///
  /// @param channel of its first event
  /// @param events each one element of `events` in its body, JSON
  record WebhookAttempted(
      String appId, String endpoint, String channel, List<String> events, WebhookAnswer answer)
      implements Observation {}

  /// What an endpoint has answered.
  ///
  /// @param status 0 without an answer
  /// @param ms milliseconds until then
  /// @param failure why the events are not accepted; empty if they are
  record WebhookAnswer(int status, long ms, String failure) {}

  /// An endpoint accepted that many events in one request, at the `attempts`-th attempt.
  record WebhookDelivered(String appId, String endpoint, int events, int attempts)
      implements Observation {}

  /// A request failed and will be retried after `delayMs` milliseconds; `attempts` were made so
  /// far.
  record WebhookRetried(String appId, String endpoint, int attempts, String reason, long delayMs)
      implements Observation {}

  /// Events were given up and became dead letters.
  record WebhookDead(String appId, String endpoint, int events, String reason)
      implements Observation {}

  /// Events were lost because too many were pending; `endpoint` is null if they were lost before
  /// their endpoints were determined.
  record WebhookDropped(String appId, @Nullable String endpoint, int events, String reason)
      implements Observation {}
}
