package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What happened, as it happens. Every method does nothing by default.
///
/// Called on event loops, partly while a channel's entry is held, and always in the order in which
/// things were decided. A listener must therefore not block, throw or call back into the server: it
/// counts, or puts the fact into a queue of its own.
public interface ServerListener {

  /// Hears nothing.
  ServerListener NONE = new ServerListener() {};

  /// A socket was upgraded and greeted.
  default void connectionOpened(App app, Peer peer) {}

  /// An established connection ended; `code` is what went over the wire, 1006 if nothing did.
  default void connectionClosed(App app, Peer peer, int code, String reason) {}

  /// A socket was refused before it was established.
  default void connectionRefused(String key, String remote, CloseCode code, String reason) {}

  /// A socket was closed before it made a request: it spoke no HTTP, or too slowly.
  default void socketRefused(String remote, String reason) {}

  default void subscribed(App app, String channel, Peer peer) {}

  default void unsubscribed(App app, String channel, Peer peer) {}

  /// A subscription was refused.
  ///
  /// @param code the `status` of the answer, which is an HTTP status
  default void subscriptionRefused(App app, String channel, Peer peer, int code, String reason) {}

  /// A client signed in as a user.
  default void signedIn(App app, Peer peer, String userId) {}

  /// A channel got its first subscriber.
  default void channelOccupied(App app, String channel) {}

  /// A channel lost its last subscriber.
  default void channelVacated(App app, String channel) {}

  /// A user's first connection joined a presence channel.
  default void memberAdded(App app, String channel, String userId) {}

  /// A user's last connection left a presence channel.
  default void memberRemoved(App app, String channel, String userId) {}

  /// The number of subscribers changed; throttled as in section 2.9.
  default void subscriptionCount(App app, String channel, int count) {}

  /// Somebody subscribed to an empty cache channel.
  default void cacheMissed(App app, String channel) {}

  /// An event was handed over for delivery on this node.
  default void published(App app, String channel, Origin origin, int dataChars) {}

  /// A connection that reads too slowly missed so many events, as its app has it.
  default void eventsDropped(App app, Peer peer, int events) {}

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
  /// @param userId the sender's on presence channels, else null
  /// @param subscribers connections subscribed to the channel on this node, the sender among them
  default void clientEvent(
      App app,
      String channel,
      String event,
      String data,
      Peer peer,
      @Nullable String userId,
      int subscribers) {}

  /// A client's message was answered with `pusher:error`.
  default void messageRefused(App app, Peer peer, @Nullable Integer code, String reason) {}

  /// A request of the HTTP API was answered, whatever the answer.
  default void requestAnswered(HttpExchange exchange) {}

  /// A request of the HTTP API was refused.
  default void requestRefused(RefusedRequest request) {}

  /// Somebody was refused because the app has its full number of something. Who it was and what it
  /// was told comes by the method for that kind of refusal.
  default void quotaExceeded(App app, Quota quota) {}

  /// An app's memory of used signatures was full: so many that could be used again were forgotten.
  default void signaturesForgotten(App app, int signatures) {}

  // What becomes of webhooks is told by their own threads; only a drop may be told by an event
  // loop.
  // An endpoint is its URL as configured.

  /// An event was put into the outbox for an endpoint.
  default void webhookAccepted(String appId, String endpoint) {}

  /// An endpoint took so many events in one request, which was its `attempts`-th sending.
  default void webhookDelivered(String appId, String endpoint, int events, int attempts) {}

  /// A request was not taken and will be sent again; `attempts` were made so far.
  default void webhookRetried(String appId, String endpoint, int attempts, String reason) {}

  /// Events were given up and are dead letters now.
  default void webhookDead(String appId, String endpoint, int events, String reason) {}

  /// Events were lost because too many wait; `endpoint` is null if that was before anybody asked
  /// who wants them.
  default void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {}

  /// This listener first, then `next`.
  default ServerListener plus(ServerListener next) {
    return new CompositeListener(this, next);
  }
}
