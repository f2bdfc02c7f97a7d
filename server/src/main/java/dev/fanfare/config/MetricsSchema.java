package dev.fanfare.config;

import dev.fanfare.metrics.MetricsOptions;
import java.util.List;

/// Whether and where the server tells its numbers: keys below `server:`, variables
/// `FANFARE_METRICS…`.
final class MetricsSchema {

  private static final MetricsOptions DEFAULTS = MetricsOptions.DEFAULTS;

  static final Option<Boolean> METRICS =
      Option.of(
          "metrics",
          new Kind.OnOff(),
          DEFAULTS.enabled(),
          "Whether numbers for Prometheus are told at `/metrics`, on a port of their own.");

  static final Option<String> METRICS_HOST =
      Option.of(
          "metrics_host",
          ServerSchema.ADDRESS,
          DEFAULTS.host(),
          "Address of that port. Whoever reaches it reads how busy every app is: let that be your"
              + " Prometheus only.");

  static final Option<Integer> METRICS_PORT =
      Option.of(
          "metrics_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "That port; 0 takes any free one.");

  static final Option<MetricsOptions.Names> METRICS_NAMES =
      Option.of(
          "metrics_names",
          new Kind.Choice<>(MetricsOptions.Names.class),
          DEFAULTS.names(),
          "What the numbers are called. `soketi` and `both` keep its dashboards working.");

  static final List<Option<?>> ALL = List.of(METRICS, METRICS_HOST, METRICS_PORT, METRICS_NAMES);

  private MetricsSchema() {}

  static MetricsOptions options(Section server) {
    return new MetricsOptions(
        server.get(METRICS),
        server.get(METRICS_HOST),
        server.get(METRICS_PORT),
        server.get(METRICS_NAMES));
  }
}
