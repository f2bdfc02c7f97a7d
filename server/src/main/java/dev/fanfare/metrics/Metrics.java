package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.Origin;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.CloseCode;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Counts what happens. Nothing in here is called for a delivery or a frame; what is called for a
/// message or a request adds to a counter that was looked up by the app's id. Any thread.
///
/// Whatever clients and strangers choose freely, such as a channel's name or a path, is no label.
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
            .description("Sockets closed before they made a request: no HTTP, or too slow")
            .register(registry);
    refresh();
  }

  /// Begins the counters of apps that are new, so that they are told before anything happens.
  void refresh() {
    for (App app : apps.all()) {
      WebhookMeters webhooks = of(app.id()).webhooks;
      app.webhooks().forEach(endpoint -> webhooks.losses(endpoint.id()));
    }
  }

  /// The value of the label `endpoint` for one of an app's endpoints.
  String endpointLabel(String appId, String url) {
    return of(appId).webhooks.label(url);
  }

  /// What is counted for an app; also one whose webhooks outlived it in the outbox.
  private AppMeters of(String appId) {
    AppMeters meters = byApp.get(appId);
    return meters == null
        ? byApp.computeIfAbsent(appId, id -> new AppMeters(registry, id))
        : meters;
  }

  HttpMeters http() {
    return http;
  }

  /// Connections of an app that were greeted so far.
  double opened(String appId) {
    return of(appId).opened.count();
  }

  /// Connections of an app that ended so far.
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
    App app = apps.byKey(key);
    Counter.builder("fanfare.connections.refused")
        .description("WebSockets that were refused instead of greeted, by close code")
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
  public void eventsDropped(App app, Peer peer, int events) {
    of(app.id()).eventsDropped.increment(events);
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
