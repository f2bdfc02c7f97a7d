package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Observes what happens, to log and count it. Every method does nothing by default. What the
/// server does with its own decisions about channels does not depend on it: see `Changes` in
/// `channel`.
///
/// Called on event loops, partly while a channel's entry is held. An observer must therefore not
/// block, throw or call back into the server.
public interface ServerListener {

  /// Does nothing.
  ServerListener NONE = new ServerListener() {};

  /// A connection was established.
  default void connectionOpened(App app, Peer peer) {}

  /// An established connection ended; `code` is that of the close frame, 1006 without one.
  default void connectionClosed(App app, Peer peer, int code, String reason) {}

  /// A connection was refused before it was established.
  default void connectionRefused(String key, String remote, CloseCode code, String reason) {}

  /// A socket was closed before its first request: not HTTP, or too slow.
  default void socketRefused(String remote, String reason) {}

  default void subscribed(App app, String channel, Peer peer) {}

  default void unsubscribed(App app, String channel, Peer peer) {}

  /// A subscription was refused.
  ///
  /// @param code the `status` of the answer, which is an HTTP status
  default void subscriptionRefused(App app, String channel, Peer peer, int code, String reason) {}

  /// A client signed in as a user.
  default void signedIn(App app, Peer peer, String userId) {}

  /// The last event of a cache channel was forgotten before its time, because others needed the
  /// memory.
  default void cacheForgotten(App app, String channel) {}

  /// An event was queued for delivery on this node.
  default void published(App app, String channel, Origin origin, int dataChars) {}

  /// A connection that reads too slowly missed events, because its app is set to drop them.
  default void eventsDropped(App app, Peer peer, int events) {}

  /// The server reads from a connection only as fast as a limit allows from now on. Reported once
  /// per connection.
  default void readingPaused(App app, Peer peer, String reason) {}

  /// A server published an event over the HTTP API and it was accepted.
  ///
  /// @param exceptSocketId the connection that does not get it, if the publisher excluded one
  /// @param subscribers connections subscribed to the channel on this node at that moment
  /// @param address of the publisher, behind trusted proxies too; worked out when it is asked for
  default void apiEvent(
      App app,
      String channel,
      String event,
      @Nullable String exceptSocketId,
      int subscribers,
      Supplier<String> address) {}

  /// A client event was accepted.
  ///
  /// @param subscribers connections subscribed to the channel on this node, the sender among them
  default void clientEvent(App app, String channel, String event, Peer peer, int subscribers) {}

  /// A client's message was answered with `pusher:error`.
  default void messageRefused(App app, Peer peer, @Nullable Integer code, String reason) {}

  /// A request of the HTTP API was answered, with success or not.
  default void requestAnswered(HttpExchange exchange) {}

  /// A request of the HTTP API was refused.
  default void requestRefused(RefusedRequest request) {}

  /// A request was refused because its app has reached a limit. The method for that kind of refusal
  /// reports which request it was.
  default void quotaExceeded(App app, Quota quota) {}

  /// An app's replay cache was full: signatures that could still be used again were forgotten.
  default void signaturesForgotten(App app, int signatures) {}

  // The outcome of webhooks is reported by their own threads; only a drop may be reported by an
  // event loop. An endpoint is its URL as configured.

  /// An event was added to the outbox for an endpoint.
  default void webhookAccepted(String appId, String endpoint) {}

  /// An endpoint accepted that many events in one request, at the `attempts`-th attempt.
  default void webhookDelivered(String appId, String endpoint, int events, int attempts) {}

  /// A request failed and will be retried; `attempts` were made so far.
  default void webhookRetried(String appId, String endpoint, int attempts, String reason) {}

  /// Events were given up and became dead letters.
  default void webhookDead(String appId, String endpoint, int events, String reason) {}

  /// Events were lost because too many were pending; `endpoint` is null if they were lost before
  /// their endpoints were determined.
  default void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {}

  /// This listener first, then `next`.
  default ServerListener plus(ServerListener next) {
    return new CompositeListener(this, next);
  }
}
