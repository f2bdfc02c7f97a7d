package dev.fanfare.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// One app's webhooks, counted in events except for retries. Any thread.
final class WebhookMeters {

  final Counter accepted;
  final Counter delivered;
  final Counter retried;

  private final MeterRegistry registry;
  private final String appId;
  private final EndpointLabels labels = new EndpointLabels();
  private final ConcurrentMap<String, Losses> byEndpoint = new ConcurrentHashMap<>();

  /// The events that one endpoint did not get.
  record Losses(Counter dead, Counter dropped) {}

  WebhookMeters(MeterRegistry registry, String appId) {
    this.registry = registry;
    this.appId = appId;
    accepted = counter("events.accepted", "Events put into the outbox").register(registry);
    delivered = counter("events.delivered", "Events that an endpoint accepted").register(registry);
    retried =
        counter("requests.retried", "Requests that failed and will be sent again")
            .register(registry);
  }

  /// The counters of one endpoint, which start at 0 with the first call.
  ///
  /// @param url null if it is not known which endpoint
  Losses losses(@Nullable String url) {
    return byEndpoint.computeIfAbsent(labels.of(url), this::begin);
  }

  /// The value of the label `endpoint`.
  String label(String url) {
    return labels.of(url);
  }

  private Losses begin(String label) {
    return new Losses(
        counter("events.dead", "Events given up after five minutes")
            .tag("endpoint", label)
            .register(registry),
        counter("events.dropped", "Events lost because too many were waiting")
            .tag("endpoint", label)
            .register(registry));
  }

  private Counter.Builder counter(String name, String description) {
    return Counter.builder("fanfare.webhook." + name).description(description).tag("app", appId);
  }
}
