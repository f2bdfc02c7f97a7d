package dev.fanfare.cluster.sim;

import dev.fanfare.cluster.MeshOptions;

/// What happens to a simulated cluster.
enum Scenario {
  /// Nothing fails.
  CALM(20, 60),
  /// Only the engine fails.
  OUTAGES(10, 60),
  /// The engine, connections and processes fail, one after another; each for at most a minute.
  FAULTS(70, 60),
  /// Datagrams of some nodes are late for seconds, but never silent, and now and then one is lost.
  LAGS(20, 60),
  /// Processes are killed and started again.
  KILLS(30, 60),
  /// Processes shut down and are started again, nothing fails.
  ROLLING(20, 60),
  /// Some faults last so long that nodes give each other up, and events are lost.
  LONG_OUTAGES(20, 200),
  /// Faults with so little memory for events that most are dropped.
  TIGHT(30, 60);

  static final long TIGHT_BYTES = 24 << 10;

  private final int seeds;
  private final long maxFaultSeconds;

  Scenario(int seeds, long maxFaultSeconds) {
    this.seeds = seeds;
    this.maxFaultSeconds = maxFaultSeconds;
  }

  /// The runs that every build makes.
  int seeds() {
    return seeds;
  }

  boolean hasFaults() {
    return this == OUTAGES
        || this == FAULTS
        || this == LAGS
        || this == LONG_OUTAGES
        || this == TIGHT;
  }

  /// A node may be gone for others without having said farewell.
  boolean takesNodesForGone() {
    return this == FAULTS || this == KILLS || this == LONG_OUTAGES || this == TIGHT;
  }

  /// Some events do not arrive, and are counted.
  boolean losesEvents() {
    return this == LONG_OUTAGES || this == TIGHT;
  }

  long maxFaultMs() {
    return maxFaultSeconds * 1_000;
  }

  MeshOptions options(MeshOptions defaults) {
    return this == TIGHT ? defaults.withOutageBytes(TIGHT_BYTES) : defaults;
  }
}
