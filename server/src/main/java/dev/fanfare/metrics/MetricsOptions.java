package dev.fanfare.metrics;

import io.soabase.recordbuilder.core.RecordBuilder;

/// Whether and where a server tells its numbers.
///
/// @param enabled whether it tells them at all
/// @param host address to listen on
/// @param port 0 for any free one
/// @param names what they are called
@RecordBuilder
public record MetricsOptions(boolean enabled, String host, int port, Names names)
    implements MetricsOptionsBuilder.With {

  /// Whose names the numbers have.
  public enum Names {
    FANFARE,
    SOKETI,
    BOTH;

    boolean hasSoketis() {
      return this != FANFARE;
    }

    /// True if a number with this name is told; those of the process always are.
    boolean includes(String name) {
      return this != SOKETI || !name.startsWith("fanfare_");
    }
  }

  public static final MetricsOptions DEFAULTS =
      new MetricsOptions(true, "127.0.0.1", 9_601, Names.FANFARE);
}
