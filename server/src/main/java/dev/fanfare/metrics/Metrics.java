package dev.fanfare.metrics;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.observe.HttpExchange;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Peer;
import dev.fanfare.observe.RefusedRequest;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Origin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

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
  public void on(Observation observation) {
    switch (observation) {
      case HttpExchange exchange -> http.count(exchange);
      case Observation.ConnectionOpened it -> of(it.app().id()).opened.increment();
      case Observation.ConnectionClosed it -> of(it.app().id()).closures.count(it.code());
      case Observation.ConnectionRefused it -> count(it);
      case Observation.SocketRefused _ -> socketsRefused.increment();
      case Observation.SubscriptionRefused it -> of(it.app().id()).subscriptionsRefused.increment();
      case Observation.CacheForgotten it -> of(it.app().id()).cachesForgotten.increment();
      case Observation.EventsDropped it -> of(it.app().id()).eventsDropped.increment(it.events());
      case Observation.ReadingPaused it -> of(it.app().id()).paused.increment();
      case Observation.MessageRefused it -> of(it.app().id()).messagesRefused.increment();
      case Observation.QuotaExceeded it -> of(it.app().id()).exceeded(it.quota()).increment();
      case Observation.SignaturesForgotten it ->
          of(it.app().id()).signaturesForgotten.increment(it.signatures());
      case Observation.EventsRepeated it -> of(it.app().id()).repeated.increment(it.events());
      case Observation.KeysForgotten it -> of(it.appId()).keysForgotten.increment(it.keys());
      case Observation.KeysUnshared it -> of(it.appId()).keysUnshared.increment(it.keys());
      case Observation.WebhookAccepted it -> of(it.appId()).webhooks.accepted.increment();
      case Observation.WebhookDelivered it ->
          of(it.appId()).webhooks.delivered.increment(it.events());
      case Observation.WebhookRetried it -> of(it.appId()).webhooks.retried.increment();
      case Observation.WebhookDead it ->
          of(it.appId()).webhooks.losses(it.endpoint()).dead().increment(it.events());
      case Observation.WebhookDropped it ->
          of(it.appId()).webhooks.losses(it.endpoint()).dropped().increment(it.events());
      case Observation.SignedIn _, Observation.WebhookAttempted _, RefusedRequest _ -> {}
    }
  }

  private void count(Observation.ConnectionRefused refused) {
    App app = apps.knownByKey(refused.key());
    Counter.builder("fanfare.connections.refused")
        .description("Refused WebSockets, by close code")
        .tag("app", app == null ? "" : app.id())
        .tag("code", String.valueOf(refused.code().code()))
        .register(registry)
        .increment();
  }

  @Override
  public void subscribed(App app, String channel, Peer peer) {
    of(app.id()).subscribed.increment();
  }

  @Override
  public void published(App app, String channel, Origin origin, int dataChars) {
    of(app.id()).published(origin).increment();
  }
}
