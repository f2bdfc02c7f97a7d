package dev.fanfare.observe;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Two listeners combined into one.
record CompositeListener(ServerListener first, ServerListener second) implements ServerListener {

  @Override
  public void connectionOpened(App app, Peer peer) {
    first.connectionOpened(app, peer);
    second.connectionOpened(app, peer);
  }

  @Override
  public void connectionClosed(App app, Peer peer, int code, String reason) {
    first.connectionClosed(app, peer, code, reason);
    second.connectionClosed(app, peer, code, reason);
  }

  @Override
  public void connectionRefused(String key, String remote, CloseCode code, String reason) {
    first.connectionRefused(key, remote, code, reason);
    second.connectionRefused(key, remote, code, reason);
  }

  @Override
  public void socketRefused(String remote, String reason) {
    first.socketRefused(remote, reason);
    second.socketRefused(remote, reason);
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    first.subscribed(app, channel, peer);
    second.subscribed(app, channel, peer);
  }

  @Override
  public void unsubscribed(App app, String channel, Peer peer) {
    first.unsubscribed(app, channel, peer);
    second.unsubscribed(app, channel, peer);
  }

  @Override
  public void subscriptionRefused(App app, String channel, Peer peer, int code, String reason) {
    first.subscriptionRefused(app, channel, peer, code, reason);
    second.subscriptionRefused(app, channel, peer, code, reason);
  }

  @Override
  public void readingPaused(App app, Peer peer, String reason) {
    first.readingPaused(app, peer, reason);
    second.readingPaused(app, peer, reason);
  }

  @Override
  public void cacheForgotten(App app, String channel) {
    first.cacheForgotten(app, channel);
    second.cacheForgotten(app, channel);
  }

  @Override
  public void published(App app, String channel, Origin origin, int dataChars) {
    first.published(app, channel, origin, dataChars);
    second.published(app, channel, origin, dataChars);
  }

  @Override
  public void eventsDropped(App app, Peer peer, int events) {
    first.eventsDropped(app, peer, events);
    second.eventsDropped(app, peer, events);
  }

  @Override
  public void signedIn(App app, Peer peer, String userId) {
    first.signedIn(app, peer, userId);
    second.signedIn(app, peer, userId);
  }

  @Override
  public void apiEvent(
      App app,
      String channel,
      String event,
      @Nullable String exceptSocketId,
      int subscribers,
      Supplier<String> address) {
    first.apiEvent(app, channel, event, exceptSocketId, subscribers, address);
    second.apiEvent(app, channel, event, exceptSocketId, subscribers, address);
  }

  @Override
  public void clientEvent(App app, String channel, String event, Peer peer, int subscribers) {
    first.clientEvent(app, channel, event, peer, subscribers);
    second.clientEvent(app, channel, event, peer, subscribers);
  }

  @Override
  public void messageRefused(App app, Peer peer, @Nullable Integer code, String reason) {
    first.messageRefused(app, peer, code, reason);
    second.messageRefused(app, peer, code, reason);
  }

  @Override
  public void requestAnswered(HttpExchange exchange) {
    first.requestAnswered(exchange);
    second.requestAnswered(exchange);
  }

  @Override
  public void requestRefused(RefusedRequest request) {
    first.requestRefused(request);
    second.requestRefused(request);
  }

  @Override
  public void quotaExceeded(App app, Quota quota) {
    first.quotaExceeded(app, quota);
    second.quotaExceeded(app, quota);
  }

  @Override
  public void signaturesForgotten(App app, int signatures) {
    first.signaturesForgotten(app, signatures);
    second.signaturesForgotten(app, signatures);
  }

  @Override
  public void webhookAccepted(String appId, String endpoint) {
    first.webhookAccepted(appId, endpoint);
    second.webhookAccepted(appId, endpoint);
  }

  @Override
  public void webhookDelivered(String appId, String endpoint, int events, int attempts) {
    first.webhookDelivered(appId, endpoint, events, attempts);
    second.webhookDelivered(appId, endpoint, events, attempts);
  }

  @Override
  public void webhookRetried(String appId, String endpoint, int attempts, String reason) {
    first.webhookRetried(appId, endpoint, attempts, reason);
    second.webhookRetried(appId, endpoint, attempts, reason);
  }

  @Override
  public void webhookDead(String appId, String endpoint, int events, String reason) {
    first.webhookDead(appId, endpoint, events, reason);
    second.webhookDead(appId, endpoint, events, reason);
  }

  @Override
  public void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {
    first.webhookDropped(appId, endpoint, events, reason);
    second.webhookDropped(appId, endpoint, events, reason);
  }
}
