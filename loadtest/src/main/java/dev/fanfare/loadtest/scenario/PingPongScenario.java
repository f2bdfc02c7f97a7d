package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;

/// Client events back and forth: pairs of clients, each on a separate private channel, with one
/// event in flight per pair.
public final class PingPongScenario implements Scenario {

  private static final long DRAIN_NS = 3_000_000_000L;

  @Override
  public String name() {
    return "pingpong";
  }

  @Override
  public String title(Load load) {
    return "client events to one other, %s, %d B%s"
        .formatted(
            Titles.count(load.connections() / 2, "pair"),
            load.size(),
            load.rate() > 0 ? ", %s round trips/s".formatted(Titles.number(load.rate())) : "");
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    if (load.connections() < 2) {
      throw Refusal.usage("pingpong requires at least 2 --connections, one pair.");
    }
    Findings findings = new Findings();
    Pairs pairs = new Pairs(rig, load);
    List<PusherSocket> sockets =
        rig.openAll(
            load.connections() / 2 * 2,
            number -> Subscription.to("private-pair-%05d".formatted(number / 2)),
            pairs);
    pairs.start(sockets);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "relay", "relays", pairs::relayed, () -> "errors %,d".formatted(pairs.errors())),
            pairs.roundTrip(),
            findings);
    window.run(nowNs -> {
      if (pairs.errors() > 0) {
        window.abort("The server reported an error: " + pairs.firstError() + ".");
      }
      return pairs.onTurn(nowNs);
    });
    pairs.stop();
    boolean _ = rig.loop().run(pairs::idle, System.nanoTime() + DRAIN_NS, _ -> 0);
    window.report();
    findings.figure(
        "round_trips_per_second",
        "round trips per second",
        window.counted() / 2.0 / window.seconds(),
        Unit.PER_SECOND);
    findings.latency(pairs.roundTrip().total());
    pairs.report(findings);
    sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }
}
