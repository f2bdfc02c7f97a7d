package dev.fanfare.metrics;

import io.soabase.recordbuilder.core.RecordBuilder;

/// Whether and where a server exposes its metrics.
///
/// @param enabled false for no metrics
/// @param host address to listen on
/// @param port 0 for any free one
/// @param names the naming scheme
@RecordBuilder
public record MetricsOptions(boolean enabled, String host, int port, Names names)
    implements MetricsOptionsBuilder.With {

  /// The naming scheme of the metrics.
  public enum Names {
    FANFARE,
    SOKETI,
    BOTH;

    boolean includesSoketi() {
      return this != FANFARE;
    }

    /// True if a metric with this name is exposed; those of the process always are.
    boolean includes(String name) {
      return this != SOKETI || !name.startsWith("fanfare_");
    }
  }

  public static final MetricsOptions DEFAULTS =
      new MetricsOptions(true, "127.0.0.1", 9_601, Names.FANFARE);
}
