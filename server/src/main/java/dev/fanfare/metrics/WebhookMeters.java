package dev.fanfare.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/// What became of one app's webhooks, in events but for retries. Any thread.
final class WebhookMeters {

  final Counter accepted;
  final Counter delivered;
  final Counter retried;
  final Counter dead;
  final Counter dropped;

  WebhookMeters(MeterRegistry registry, String appId) {
    accepted = counter(registry, appId, "events.accepted", "Events put into the outbox");
    delivered = counter(registry, appId, "events.delivered", "Events that an endpoint took");
    retried = counter(registry, appId, "requests.retried", "Requests that nobody took");
    dead = counter(registry, appId, "events.dead", "Events given up: dead letters now");
    dropped = counter(registry, appId, "events.dropped", "Events lost since too many waited");
  }

  private static Counter counter(
      MeterRegistry registry, String appId, String name, String description) {
    return Counter.builder("fanfare.webhook." + name)
        .description(description)
        .tag("app", appId)
        .register(registry);
  }
}
