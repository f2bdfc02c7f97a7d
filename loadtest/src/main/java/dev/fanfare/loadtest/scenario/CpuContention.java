package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.report.Findings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CPU time taken by other processes: the time in which the generator, or the most affected thread
/// of the server, was ready to run and waited for a core. Confined to the loop's thread.
final class CpuContention {

  /// Percent of the time above which results are unreliable.
  private static final double TOO_MUCH = 5;

  private final @Nullable ServerProcess server;
  private double ownBefore;
  private Map<Path, Double> serverBefore = Map.of();
  private double own;
  private double servers;

  CpuContention(@Nullable ServerProcess server) {
    this.server = server;
  }

  void begin() {
    ownBefore = ServerProcess.selfWaited();
    serverBefore = waited();
  }

  void end() {
    own = ServerProcess.selfWaited() - ownBefore;
    for (Map.Entry<Path, Double> thread : waited().entrySet()) {
      double before = serverBefore.getOrDefault(thread.getKey(), 0.0);
      servers = Math.max(servers, thread.getValue() - before);
    }
  }

  /// Adds a remark if the machine was busy.
  void report(Findings findings, double seconds) {
    double ownPercent = own / seconds * 100;
    double serverPercent = servers / seconds * 100;
    if (ownPercent > TOO_MUCH || serverPercent > TOO_MUCH) {
      findings.remark(
          ("The machine was busy: the generator waited for a core %.0f %% of the time, the server"
                  + " %.0f %%; repeat on a quiet machine.")
              .formatted(ownPercent, serverPercent));
    }
  }

  private Map<Path, Double> waited() {
    return server == null ? Map.of() : server.waited();
  }
}
