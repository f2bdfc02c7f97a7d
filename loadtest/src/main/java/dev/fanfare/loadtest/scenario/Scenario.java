package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.RunResult;

/// One kind of load. An instance runs once.
public interface Scenario {

  /// Its name on the command line.
  String name();

  /// The load in a few words with its numbers.
  String title(Load load);

  /// The approximate number of connections that a run opens in total.
  default long connectionsMade(Load load) {
    return load.held();
  }

  /// Runs it; throws a refusal if the server cannot be used. Blocks until done; runs the rig's
  /// loop.
  RunResult run(Rig rig, Load load);
}
