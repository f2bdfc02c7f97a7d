package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Origin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Counts what happens. Nothing here is called for each delivery or frame; the methods for messages
/// and requests look up a counter by the app's id and increment it. Any thread.
///
/// Values that clients choose freely, such as channel names and paths, are never labels.
final class Metrics implements ServerListener {

  private final MeterRegistry registry;
  private final Apps apps;
  private final HttpMeters http;
  private final Counter socketsRefused;
  private final ConcurrentMap<String, AppMeters> byApp = new ConcurrentHashMap<>();

  Metrics(MeterRegistry registry, Apps apps) {
    this.registry = registry;
    this.apps = apps;
    this.http = new HttpMeters(registry);
    this.socketsRefused =
        Counter.builder("fanfare.sockets.refused")
            .description(
                "Sockets closed before they sent a request, because it was not HTTP or too slow")
            .register(registry);
    refresh();
  }

  /// Creates the counters of new apps and endpoints, so that they are exposed before anything
  /// happens.
  void refresh() {
    for (App app : apps.known()) {
      WebhookMeters webhooks = of(app.id()).webhooks;
      app.webhooks().forEach(endpoint -> webhooks.losses(endpoint.id()));
    }
  }

  /// The value of the label `endpoint` for one of an app's endpoints.
  String endpointLabel(String appId, String url) {
    return of(appId).webhooks.label(url);
  }

  /// The counters of an app, which may have been removed while its webhooks are still in the
  /// outbox.
  private AppMeters of(String appId) {
    AppMeters meters = byApp.get(appId);
    return meters == null
        ? byApp.computeIfAbsent(appId, id -> new AppMeters(registry, id))
        : meters;
  }

  HttpMeters http() {
    return http;
  }

  /// Connections of an app established so far.
  double opened(String appId) {
    return of(appId).opened.count();
  }

  /// Connections of an app closed so far.
  long closed(String appId) {
    return of(appId).closures.total();
  }

  @Override
  public void connectionOpened(App app, Peer peer) {
    of(app.id()).opened.increment();
  }

  @Override
  public void connectionClosed(App app, Peer peer, int code, String reason) {
    of(app.id()).closures.count(code);
  }

  @Override
  public void connectionRefused(String key, String remote, CloseCode code, String reason) {
    App app = apps.knownByKey(key);
    Counter.builder("fanfare.connections.refused")
        .description("Refused WebSockets, by close code")
        .tag("app", app == null ? "" : app.id())
        .tag("code", String.valueOf(code.code()))
        .register(registry)
        .increment();
  }

  @Override
  public void socketRefused(String remote, String reason) {
    socketsRefused.increment();
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    of(app.id()).subscribed.increment();
  }

  @Override
  public void subscriptionRefused(App app, String channel, Peer peer, int code, String reason) {
    of(app.id()).subscriptionsRefused.increment();
  }

  @Override
  public void published(App app, String channel, Origin origin, int dataChars) {
    of(app.id()).published(origin).increment();
  }

  @Override
  public void cacheForgotten(App app, String channel) {
    of(app.id()).cachesForgotten.increment();
  }

  @Override
  public void eventsDropped(App app, Peer peer, int events) {
    of(app.id()).eventsDropped.increment(events);
  }

  @Override
  public void readingPaused(App app, Peer peer, String reason) {
    of(app.id()).paused.increment();
  }

  @Override
  public void messageRefused(App app, Peer peer, @Nullable Integer code, String reason) {
    of(app.id()).messagesRefused.increment();
  }

  @Override
  public void requestAnswered(HttpExchange exchange) {
    http.count(exchange);
  }

  @Override
  public void quotaExceeded(App app, Quota quota) {
    of(app.id()).exceeded(quota).increment();
  }

  @Override
  public void signaturesForgotten(App app, int signatures) {
    of(app.id()).signaturesForgotten.increment(signatures);
  }

  @Override
  public void webhookAccepted(String appId, String endpoint) {
    of(appId).webhooks.accepted.increment();
  }

  @Override
  public void webhookDelivered(String appId, String endpoint, int events, int attempts) {
    of(appId).webhooks.delivered.increment(events);
  }

  @Override
  public void webhookRetried(String appId, String endpoint, int attempts, String reason) {
    of(appId).webhooks.retried.increment();
  }

  @Override
  public void webhookDead(String appId, String endpoint, int events, String reason) {
    of(appId).webhooks.losses(endpoint).dead().increment(events);
  }

  @Override
  public void webhookDropped(String appId, @Nullable String endpoint, int events, String reason) {
    of(appId).webhooks.losses(endpoint).dropped().increment(events);
  }
}
