package dev.fanfare.loadtest.abuse;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  Gauges {
    values = Map.copyOf(values);
  }

  /// Metrics that the server does not have are left out.
  static Gauges of(MetricsText metrics) {
    Map<String, Long> values = new LinkedHashMap<>();
    for (String name : NAMES) {
      metrics.sum(name).ifPresent(value -> values.put(name, Math.round(value)));
    }
    return new Gauges(values);
  }

  /// Those that are higher than before, as text; empty if none is.
  String above(Gauges before) {
    List<String> above = new ArrayList<>();
    for (String name : NAMES) {
      long now = values.getOrDefault(name, 0L);
      long then = before.values.getOrDefault(name, 0L);
      if (now > then) {
        above.add("%s is %,d (%,d before)".formatted(name, now, then));
      }
    }
    return String.join(", ", above);
  }
}
