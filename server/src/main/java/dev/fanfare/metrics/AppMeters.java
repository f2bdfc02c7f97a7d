package dev.fanfare.metrics;

import dev.fanfare.observe.Quota;
import dev.fanfare.protocol.Origin;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/// The counters of one app, created with the first use of the app, so that each starts at 0 and
/// rates are right from the first event. Any thread.
final class AppMeters {

  final Counter opened;
  final Closures closures;
  final Counter subscribed;
  final Counter subscriptionsRefused;
  final Counter messagesRefused;
  final Counter paused;
  final Counter eventsDropped;
  final Counter signaturesForgotten;
  final Counter cachesForgotten;
  final Counter repeated;
  final Counter keysForgotten;
  final Counter keysUnshared;
  final WebhookMeters webhooks;

  private final MeterRegistry registry;
  private final String appId;
  private final Map<Origin, Counter> published = new EnumMap<>(Origin.class);
  private final Map<Quota, Counter> exceeded = new EnumMap<>(Quota.class);

  AppMeters(MeterRegistry registry, String appId) {
    this.registry = registry;
    this.appId = appId;
    opened = counter("connections.opened", "Connections that were established");
    closures = new Closures(registry, appId);
    subscribed = counter("subscriptions.accepted", "Subscriptions that were accepted");
    subscriptionsRefused = counter("subscriptions.refused", "Subscriptions that were refused");
    messagesRefused = counter("messages.refused", "Messages answered with pusher:error");
    paused = counter("connections.paused", "Connections that are read more slowly than they send");
    signaturesForgotten =
        counter("signatures.forgotten", "Signatures that replay protection could not remember");
    repeated = counter("events.repeated", "Events not published again, by their idempotency key");
    keysForgotten = counter("idempotency.forgotten", "Idempotency keys that were forgotten early");
    keysUnshared =
        counter("idempotency.unshared", "Idempotency keys that the other nodes do not know");
    cachesForgotten =
        counter("caches.forgotten", "Last events of cache channels forgotten to save memory");
    eventsDropped =
        builder(LaneMeters.EVENTS_DROPPED, LaneMeters.EVENTS_DROPPED_MEANS)
            .tag(LaneMeters.REASON, "slow_reader")
            .register(registry);
    webhooks = new WebhookMeters(registry, appId);
    for (Origin origin : Origin.values()) {
      String label = origin.name().toLowerCase(Locale.ROOT);
      published.put(
          origin,
          builder("events.published", "Events accepted for delivery, once for each channel")
              .tag("origin", label)
              .register(registry));
    }
    for (Quota quota : Quota.values()) {
      exceeded.put(
          quota,
          builder("quotas.exceeded", "Refusals because the app has reached a limit")
              .tag("quota", quota.setting())
              .register(registry));
    }
  }

  Counter published(Origin origin) {
    return Objects.requireNonNull(published.get(origin));
  }

  Counter exceeded(Quota quota) {
    return Objects.requireNonNull(exceeded.get(quota));
  }

  private Counter counter(String name, String description) {
    return builder(name, description).register(registry);
  }

  private Counter.Builder builder(String name, String description) {
    return Counter.builder("fanfare." + name).description(description).tag("app", appId);
  }
}
