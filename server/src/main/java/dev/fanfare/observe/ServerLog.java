package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.event.Level;

/// Logs what happens to clients, publishers and webhooks: refusals and losses always, everything
/// else at debug level. Every line has the fields by which it can be found: `app`, `socket`,
/// `channel`, `address`, `code`, `event`.
///
/// Lines about refusals are rate-limited unless debug is on. With debug off, a connection, a
/// subscription or a publish costs one comparison here, and a delivery nothing.
public final class ServerLog implements ServerListener {

  private static final Logger connections = Component.CONNECTIONS.logger();
  private static final Logger channels = Component.CHANNELS.logger();
  private static final Logger api = Component.API.logger();
  private static final Logger webhooks = Component.WEBHOOKS.logger();

  /// Close codes below are a client's own or a lost socket.
  private static final int FIRST_PUSHER_CODE = 4000;

  private final AtomicLong forgottenSignatures = new AtomicLong();

  /// Separate from `deliveries`: refusals of clients must not use up the lines about webhooks.
  private final LineBudget refusals;

  private final LineBudget deliveries;
  private volatile SecretMask mask;

  /// @param mask hides secrets that clients send in the wrong place
  public ServerLog(NanoClock clock, SecretMask mask) {
    this.refusals = new LineBudget(clock);
    this.deliveries = new LineBudget(clock);
    this.mask = mask;
  }

  /// Hides the secrets of these apps too, from the next line on. Called by one thread at a time.
  public void hide(Collection<App> apps) {
    mask = mask.and(apps);
  }

  @Override
  public void on(Observation observation) {
    switch (observation) {
      case RefusedRequest request -> requestRefused(request);
      case Observation.ConnectionRefused(var key, var remote, var code, var reason) ->
          connectionRefused(key, remote, code, reason);
      case Observation.SocketRefused(var remote, var reason) -> socketRefused(remote, reason);
      case Observation.ConnectionOpened(var app, var peer) -> connectionOpened(app, peer);
      case Observation.ConnectionClosed(var app, var peer, var code, var reason) ->
          connectionClosed(app, peer, code, reason);
      case Observation.SubscriptionRefused(
              var app,
              var channel,
              var peer,
              var code,
              var reason,
              var _) ->
          subscriptionRefused(app, channel, peer, code, reason);
      case Observation.SignedIn(var app, var peer, var userId) -> signedIn(app, peer, userId);
      case Observation.MessageRefused(var app, var peer, var code, var reason) ->
          messageRefused(app, peer, code, reason);
      case Observation.EventsDropped(var app, var peer, var events) ->
          eventsDropped(app, peer, events);
      case Observation.ReadingPaused(var app, var peer, var reason) ->
          readingPaused(app, peer, reason);
      case Observation.SignaturesForgotten(var app, var signatures) ->
          signaturesForgotten(app, signatures);
      case Observation.KeysForgotten(var appId, var keys) -> keysForgotten(appId, keys);
      case Observation.KeysUnshared(var appId, var keys, var reason) ->
          keysUnshared(appId, keys, reason);
      case Observation.WebhookDelivered(var appId, var endpoint, var events, var attempts) ->
          webhookDelivered(appId, endpoint, events, attempts);
      case Observation.WebhookRetried(var appId, var endpoint, var attempts, var reason, var _) ->
          webhookRetried(appId, endpoint, attempts, reason);
      case Observation.WebhookDead(var appId, var endpoint, var events, var reason) ->
          webhookDead(appId, endpoint, events, reason);
      case Observation.WebhookDropped(var appId, var endpoint, var events, var reason) ->
          webhookDropped(appId, endpoint, events, reason);
      case Observation.CacheForgotten _,
          Observation.EventsRepeated _,
          HttpExchange _,
          Observation.QuotaExceeded _,
          Observation.WebhookAccepted _,
          Observation.WebhookAttempted _ -> {}
    }
  }

  private void connectionRefused(String key, String remote, CloseCode code, String reason) {
    refusal(connections, "connection refused: " + reason)
        .with("key", key)
        .with("code", code.code())
        .with("address", remote)
        .write();
  }

  private void socketRefused(String remote, String reason) {
    refusal(connections, "socket closed before a request: " + reason)
        .with("address", remote)
        .write();
  }

  private void connectionOpened(App app, Peer peer) {
    if (connections.isDebugEnabled()) {
      LogLine line = debug(connections, "connected", app).with(peer);
      String transport = peer.transport();
      (transport.equals(Peer.WEBSOCKET) ? line : line.with("transport", transport)).write();
    }
  }

  private void connectionClosed(App app, Peer peer, int code, String reason) {
    LogLine line;
    if (code >= FIRST_PUSHER_CODE) {
      line = refusal(connections, "connection closed: " + reason).with("app", app.id());
    } else if (connections.isDebugEnabled()) {
      line = debug(connections, "connection closed: " + reason, app);
    } else {
      return;
    }
    line.with(peer).with("code", code).write();
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    if (channels.isDebugEnabled()) {
      debug(channels, "subscribed", app).with(peer).with("channel", channel).write();
    }
  }

  @Override
  public void unsubscribed(App app, String channel, Peer peer) {
    if (channels.isDebugEnabled()) {
      debug(channels, "unsubscribed", app).with(peer).with("channel", channel).write();
    }
  }

  private void subscriptionRefused(App app, String channel, Peer peer, int code, String reason) {
    refusal(channels, "subscription refused: " + reason)
        .with("app", app.id())
        .with(peer)
        .with("channel", channel)
        .with("code", code)
        .write();
  }

  private void signedIn(App app, Peer peer, String userId) {
    if (connections.isDebugEnabled()) {
      debug(connections, "signed in", app).with(peer).with("user", userId).write();
    }
  }

  private void messageRefused(App app, Peer peer, @Nullable Integer code, String reason) {
    LogLine line =
        refusal(connections, "message refused: " + reason).with("app", app.id()).with(peer);
    if (code != null) {
      line.with("code", code);
    }
    line.write();
  }

  private void eventsDropped(App app, Peer peer, int events) {
    refusal(connections, "client reads too slowly and missed " + count(events))
        .with("app", app.id())
        .with(peer)
        .write();
  }

  private void readingPaused(App app, Peer peer, String reason) {
    refusal(connections, "reading from a client pauses: " + reason)
        .with("app", app.id())
        .with(peer)
        .write();
  }

  @Override
  public void apiEvent(
      App app,
      String channel,
      String event,
      @Nullable String exceptSocketId,
      int subscribers,
      Supplier<String> address) {
    if (channels.isDebugEnabled()) {
      LogLine line =
          debug(channels, "event published", app)
              .with("channel", channel)
              .with("event", event)
              .with("subscribers", subscribers)
              .with("address", address.get());
      if (exceptSocketId != null) {
        line.with("excluded_socket", exceptSocketId);
      }
      line.write();
    }
  }

  @Override
  public void clientEvent(App app, String channel, String event, Peer peer, int subscribers) {
    if (channels.isDebugEnabled()) {
      debug(channels, "client event published", app)
          .with(peer)
          .with("channel", channel)
          .with("event", event)
          .with("subscribers", subscribers)
          .write();
    }
  }

  private void requestRefused(RefusedRequest request) {
    LogLine line =
        refusal(api, request.method() + " " + request.path() + " refused: " + request.reason());
    if (request.appId() != null) {
      line.with("app", request.appId());
    }
    line.with("code", request.status()).with("address", request.address()).write();
  }

  /// Not a refusal, but the lack of one. Never left out, for it comes once in many requests.
  private void signaturesForgotten(App app, int signatures) {
    LogLine.at(Level.WARN, api, mask)
        .message(
            "replay_protection cannot remember that many requests: "
                + signatures
                + " signatures, "
                + forgottenSignatures.addAndGet(signatures)
                + " in all so far, were forgotten while they could still be used again")
        .with("app", app.id())
        .write();
  }

  private void keysForgotten(String appId, int keys) {
    LogLine.at(Level.WARN, api, mask)
        .message(
            "too many idempotency keys: "
                + keys
                + " were forgotten within five minutes; their requests would publish again")
        .with("app", appId)
        .write();
  }

  private void keysUnshared(String appId, int keys, String reason) {
    LogLine.at(Level.WARN, api, mask)
        .message(
            keys
                + " idempotency keys are known to this node only, so another one would publish"
                + " their requests again: "
                + reason)
        .with("app", appId)
        .write();
  }

  private void webhookDelivered(String appId, String endpoint, int events, int attempts) {
    if (webhooks.isDebugEnabled()) {
      webhook(Level.DEBUG, "delivered " + count(events) + ", attempt " + attempts, appId, endpoint);
    }
  }

  private void webhookRetried(String appId, String endpoint, int attempts, String reason) {
    webhook(Level.INFO, "attempt " + attempts + " failed: " + reason, appId, endpoint);
  }

  private void webhookDead(String appId, String endpoint, int events, String reason) {
    webhook(Level.WARN, "gave up " + count(events) + ": " + reason, appId, endpoint);
  }

  private void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {
    webhook(Level.WARN, "dropped " + count(events) + ": " + reason, appId, endpoint);
  }

  private void webhook(Level level, String message, String appId, @Nullable String endpoint) {
    LogLine line = limited(webhooks, level, deliveries).message(message).with("app", appId);
    if (endpoint != null) {
      int query = endpoint.indexOf('?'); // some receivers expect a secret in it
      line.with("endpoint", query < 0 ? endpoint : endpoint.substring(0, query) + "?…");
    }
    line.write();
  }

  private static String count(int events) {
    return events + (events == 1 ? " event" : " events");
  }

  private LogLine refusal(Logger logger, String message) {
    return limited(logger, Level.INFO, refusals).message(message);
  }

  private LogLine debug(Logger logger, String message, App app) {
    return LogLine.at(Level.DEBUG, logger, mask).message(message).with("app", app.id());
  }

  /// A line that is left out, and counted, when there have been too many. At debug level none is,
  /// because an operator who follows a client needs them all.
  private LogLine limited(Logger logger, Level level, LineBudget budget) {
    if (logger.isDebugEnabled() || !logger.isEnabledForLevel(level)) {
      return LogLine.at(level, logger, mask);
    }
    return budget.permits(logger) ? LogLine.at(level, logger, mask) : LogLine.NONE;
  }
}
