package dev.fanfare.loadtest.abuse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the server says it holds for clients at one moment.
///
/// @param values by the name of the metric
record Gauges(Map<String, Long> values) {

  private static final List<String> NAMES =
      List.of(
          "fanfare_connections",
          "fanfare_channels",
          "fanfare_subscriptions",
          "fanfare_presence_members");

  /// Shares of the memory held on behalf of peers that are empty when those have left. Events for
  /// webhooks and of cache channels stay for a time.
  private static final List<String> SHARES = List.of("requests", "backlog");

  private static final String HELD = "fanfare_memory_held_bytes";

  /// What bystanders hold at any moment; a lane reserves 64 KiB at a time.
  private static final long HELD_SLACK = 1 << 20;

  Gauges {
    values = Map.copyOf(values);
  }

  /// Metrics that the server does not have are left out.
  static Gauges of(MetricsText metrics) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String name : NAMES) {
      metrics.sum(name).ifPresent(value -> values.put(name, Math.round(value)));
    }
    for (String share : SHARES) {
      metrics
          .sum(HELD, "share=\"" + share + "\"")
          .ifPresent(value -> values.put(HELD + " of " + share, Math.round(value)));
    }
    return new Gauges(values);
  }

  /// Those that are higher than before, as text; empty if none is.
  String above(Gauges before) {
    List<String> above = new ArrayList<>();
    new TreeMap<>(values)
        .forEach((name, now) -> {
          long then = before.values.getOrDefault(name, 0L);
          if (now > then + (name.startsWith(HELD) ? HELD_SLACK : 0)) {
            above.add("%s is %,d (%,d before)".formatted(name, now, then));
          }
        });
    return String.join(", ", above);
  }
}
