package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.ServerProcess;
import dev.fanfare.loadtest.report.Findings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What others on the machine took away: the time in which the generator, or the server's thread
/// that suffered most, was ready to run and had no core. Confined to the loop's thread.
final class Noise {

  /// Percent of the time from which results are not to be trusted.
  private static final double TOO_MUCH = 5;

  private final @Nullable ServerProcess server;
  private double ownBefore;
  private Map<Path, Double> serverBefore = Map.of();
  private double own;
  private double servers;

  Noise(@Nullable ServerProcess server) {
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

  /// Adds a remark if it was not quiet.
  void report(Findings findings, double seconds) {
    double ownPercent = own / seconds * 100;
    double serverPercent = servers / seconds * 100;
    if (ownPercent > TOO_MUCH || serverPercent > TOO_MUCH) {
      findings.remark(
          ("The machine was not quiet: for want of a core the generator waited %.0f %% of the time,"
                  + " the server %.0f %%. Rates and latencies would be better alone.")
              .formatted(ownPercent, serverPercent));
    }
  }

  private Map<Path, Double> waited() {
    return server == null ? Map.of() : server.waited();
  }
}
