package dev.fanfare.cli;

import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.config.Config;
import dev.fanfare.doctor.engine.EngineDoctor;
import dev.fanfare.doctor.report.EngineReport;
import dev.fanfare.node.EngineAccess;
import java.security.SecureRandom;
import java.time.Duration;

/// `fanfare doctor --bus`: examines the configured engine.
record EngineExamination(Config config) {

  /// A node beats at least every two seconds.
  private static final Duration LISTENING = Duration.ofSeconds(3);

  /// Blocks until the last step has finished.
  ///
  /// @param timeout for each step
  EngineReport run(Duration timeout) {
    ClusterOptions cluster = config.cluster();
    if (!cluster.isOn()) {
      throw CommandError.usage("cluster.bus is none: no engine is configured.");
    }
    long life = new SecureRandom().nextLong(1, Long.MAX_VALUE);
    EngineDoctor.Plan plan =
        new EngineDoctor.Plan(
            cluster.engine(),
            life,
            EngineAccess.codec(cluster, life),
            EngineAccess.configHash(config.apps()),
            timeout,
            LISTENING);
    try {
      return new EngineDoctor(plan)
          .examine(
              EngineAccess.wire(cluster),
              new EngineDoctor.Store(
                  config.apps().stream().anyMatch(app -> !app.history().isEmpty()),
                  () -> EngineAccess.streams(cluster),
                  () -> EngineAccess.keys(cluster),
                  () -> EngineAccess.remarks(cluster)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw CommandError.usage("interrupted");
    }
  }
}
