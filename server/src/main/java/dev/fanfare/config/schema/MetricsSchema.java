package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.metrics.MetricsOptions;
import java.util.List;

/// The options of the metrics endpoint: keys below `server:`, variables `FANFARE_METRICS…`.
public final class MetricsSchema {

  private static final MetricsOptions DEFAULTS = MetricsOptions.DEFAULTS;

  public static final Option<Boolean> METRICS =
      Option.atStart(
          "metrics",
          new Kind.OnOff(),
          DEFAULTS.enabled(),
          "Serve Prometheus metrics at `/metrics` on a separate port.");

  public static final Option<String> METRICS_HOST =
      Option.atStart(
          "metrics_host",
          ServerSchema.ADDRESS,
          DEFAULTS.host(),
          "Address to serve metrics on. They reveal how busy every app is: make them reachable for"
              + " your Prometheus only.");

  public static final Option<Integer> METRICS_PORT =
      Option.atStart(
          "metrics_port",
          new Kind.Whole(0, 65_535),
          DEFAULTS.port(),
          "Port for metrics; 0 picks a free one.");

  static final Option<MetricsOptions.Names> METRICS_NAMES =
      Option.atStart(
          "metrics_names",
          new Kind.Choice<>(MetricsOptions.Names.class),
          DEFAULTS.names(),
          "Metric names. `soketi` and `both` keep dashboards made for soketi working.");

  static final List<Option<?>> ALL = List.of(METRICS, METRICS_HOST, METRICS_PORT, METRICS_NAMES);

  private MetricsSchema() {}

  public static MetricsOptions options(Section server) {
    return new MetricsOptions(
        server.get(METRICS),
        server.get(METRICS_HOST),
        server.get(METRICS_PORT),
        server.get(METRICS_NAMES));
  }
}
