package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import java.util.List;

/// Signed publishes without subscribers: the cost of a request.
public final class HttpScenario implements Scenario {

  private static final int RING = 1 << 10;
  private static final long DRAIN_NS = 5_000_000_000L;

  @Override
  public String name() {
    return "http";
  }

  @Override
  public String title(Load load) {
    return "signed HTTP publishes without subscribers, %s%s, %d B%s"
        .formatted(
            Titles.count(load.publishers(), "connection"),
            load.window() > 1 ? " with %d in flight".formatted(load.window()) : "",
            load.size(),
            load.rate() > 0 ? ", %s/s".formatted(Titles.number(load.rate())) : "");
  }

  @Override
  public long connectionsMade(Load load) {
    // Some servers close the connection after every response.
    return (long) ((load.durationNs() + load.warmupNs()) / 1e9 * 15_000);
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    Acknowledgements acknowledgements = new Acknowledgements(rig.clock());
    List<HttpPublisher> publishers = HttpPublisher.openAll(rig, load, acknowledgements);
    EventRing ring = new EventRing(RING);
    Publishing publishing = new Publishing(publishers, ring, load, _ -> 0);
    acknowledgements.feed(publishing);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "request",
                "requests",
                acknowledgements::accepted,
                () -> "refused %,d".formatted(acknowledgements.refused())),
            acknowledgements.latency(),
            findings);
    Pace pace = new Pace(publishing, ring, load, System.nanoTime());
    window.run(nowNs -> {
      acknowledgements.requireUsable();
      return pace.onTurn(nowNs);
    });
    publishing.stop();
    boolean _ = rig.loop().run(publishing::allAnswered, System.nanoTime() + DRAIN_NS, _ -> 0);
    acknowledgements.stopReconnecting();
    window.report();
    findings.latency(acknowledgements.latency().total());
    acknowledgements.report(findings);
    publishers.forEach(Publisher::close);
    return Results.of(this, rig, load, findings);
  }
}
