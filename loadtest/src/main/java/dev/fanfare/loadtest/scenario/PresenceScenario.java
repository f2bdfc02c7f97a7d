package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PusherSocket;
import dev.fanfare.loadtest.client.Subscription;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.List;

/// Presence channels with many members, and visitors that join and leave: every member must be
/// notified of every join and leave, once and in order.
public final class PresenceScenario implements Scenario {

  private static final long DRAIN_NS = 5_000_000_000L;

  @Override
  public String name() {
    return "presence";
  }

  @Override
  public String title(Load load) {
    return "joins and leaves in %s of %,d members, %s%s"
        .formatted(
            Titles.count(load.channels(), "channel"),
            load.connections() / load.channels(),
            Titles.count(load.publishers(), "visitor"),
            load.rate() > 0 ? ", %s/s".formatted(Titles.number(load.rate())) : "");
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    LatencyTrack latency = new LatencyTrack("notice");
    Members members = new Members(rig.clock(), load, latency);
    List<PusherSocket> sockets =
        rig.openAll(
            load.connections(),
            number -> Subscription.as(channelName(number % load.channels()), "member-" + number),
            members);
    members.await(rig);
    Visitors visitors = new Visitors(rig, load, members);
    visitors.openAll();
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "notice",
                "notices",
                members::noticed,
                () -> "joins and leaves %,d".formatted(visitors.changes())),
            latency,
            findings);
    window.run(nowNs -> {
      if (!members.firstTrouble().isEmpty()) {
        window.abort("The server reported an error: " + members.firstTrouble() + ".");
      }
      return visitors.onTurn(nowNs);
    });
    visitors.stop();
    boolean _ = rig.loop().run(visitors::idle, System.nanoTime() + DRAIN_NS, _ -> 0);
    members.leave();
    report(findings, window, load, members, visitors, latency);
    visitors.close();
    sockets.forEach(PusherSocket::cut);
    return Results.of(this, rig, load, findings);
  }

  static String channelName(int channel) {
    return "presence-load-%05d".formatted(channel);
  }

  private static void report(
      Findings findings,
      Window window,
      Load load,
      Members members,
      Visitors visitors,
      LatencyTrack latency) {
    window.report();
    double perChange = (double) load.connections() / load.channels();
    findings.figure(
        "changes_per_second",
        "joins and leaves per second",
        window.counted() / perChange / window.seconds(),
        Unit.PER_SECOND);
    findings.latency(latency.total());
    findings.latency(visitors.joining().total());
    members.report(findings, visitors::sent);
  }
}
