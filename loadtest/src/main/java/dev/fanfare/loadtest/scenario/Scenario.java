package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.RunResult;

/// One kind of load. An instance runs once.
public interface Scenario {

  /// Its name on the command line.
  String name();

  /// What this load does, in a few words with its numbers.
  String title(Load load);

  /// About how many connections a run makes, in all.
  default long connectionsMade(Load load) {
    return load.held();
  }

  /// Runs it, or refuses if the server cannot be used. Blocks until done; runs the rig's loop.
  RunResult run(Rig rig, Load load);
}
