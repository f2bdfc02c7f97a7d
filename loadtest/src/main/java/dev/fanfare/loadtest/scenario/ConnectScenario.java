package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;

/// Connect, subscribe, close, repeatedly: the cost of a visitor. A number of attempts is in
/// progress at a time, or a number starts per second.
public final class ConnectScenario implements Scenario {

  private static final double CYCLES_PER_SECOND = 20_000;
  private static final double NS_PER_SECOND = 1e9;

  @Override
  public String name() {
    return "connect";
  }

  @Override
  public String title(Load load) {
    return "connect, subscribe and close, %d at a time%s%s"
        .formatted(
            load.connections(),
            load.rate() > 0 ? ", %s/s".formatted(Titles.number(load.rate())) : "",
            load.privateChannels() ? ", private" : "");
  }

  @Override
  public long connectionsMade(Load load) {
    return (long) ((load.durationNs() + load.warmupNs()) / NS_PER_SECOND * CYCLES_PER_SECOND);
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    Attempts attempts = new Attempts(rig, load);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "cycle",
                "cycles",
                attempts::completed,
                () -> "failed %,d".formatted(attempts.failed())),
            attempts.subscribed(),
            findings);
    boolean[] restarted = {false};
    window.run(nowNs -> {
      if (window.measuring() && !restarted[0]) {
        restarted[0] = true;
        attempts.restart();
      }
      return attempts.onTurn(nowNs);
    });
    attempts.stop();
    window.report();
    attempts.report(findings);
    return Results.of(this, rig, load, findings);
  }
}
