package dev.fanfare.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// Connections over HTTP by app and transport, which are counted at each scrape: connections over
/// WebSocket are not looked at. Any thread.
final class FallbackMeters {

  private static final List<String> TRANSPORTS = List.of("xhr_streaming", "xhr_polling");

  private final Consumer<BiConsumer<String, String>> connections;

  /// By transport, and in each by the id of the app, without zeros.
  private volatile Map<String, Map<String, Integer>> counts = Map.of();

  /// @param connections visits each with the id of its app and its transport
  FallbackMeters(Consumer<BiConsumer<String, String>> connections) {
    this.connections = connections;
  }

  /// Counts them again.
  void refresh() {
    Map<String, Map<String, Integer>> now = new HashMap<>();
    connections.accept((appId, transport) ->
        now.computeIfAbsent(transport, _ -> new HashMap<>()).merge(appId, 1, Integer::sum));
    counts = now;
  }

  /// Registers the gauges of an app.
  void registerApp(MeterRegistry registry, String appId) {
    for (String transport : TRANSPORTS) {
      Gauge.builder("fanfare.http.fallback.connections", this, it -> it.count(transport, appId))
          .description("Established connections over HTTP")
          .tag("app", appId)
          .tag("transport", transport)
          .register(registry);
    }
  }

  private int count(String transport, String appId) {
    return counts.getOrDefault(transport, Map.of()).getOrDefault(appId, 0);
  }
}
