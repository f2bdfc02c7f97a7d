package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.measure.EventRing;
import dev.fanfare.loadtest.plan.Load;
import dev.fanfare.loadtest.report.Findings;
import dev.fanfare.loadtest.report.RunResult;
import java.util.List;

/// Signed publishes that nobody listens to: the price of a request.
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
            load.window() > 1 ? " with %d under way".formatted(load.window()) : "",
            load.size(),
            load.rate() > 0 ? ", %s/s".formatted(Titles.number(load.rate())) : "");
  }

  @Override
  public long connectionsMade(Load load) {
    // Some servers close every connection after its answer.
    return (long) ((load.durationNs() + load.warmupNs()) / 1e9 * 15_000);
  }

  @Override
  public RunResult run(Rig rig, Load load) {
    Findings findings = new Findings();
    Answers answers = new Answers(rig.clock());
    List<HttpPublisher> publishers = HttpPublisher.openAll(rig, load, answers);
    EventRing ring = new EventRing(RING);
    Publishing publishing = new Publishing(publishers, ring, load, _ -> 0);
    answers.feed(publishing);
    Window window =
        new Window(
            rig,
            load,
            new Work(
                "request",
                "requests",
                answers::accepted,
                () -> "refused %,d".formatted(answers.refused())),
            answers.latency(),
            findings);
    Pace pace = new Pace(publishing, ring, load, System.nanoTime());
    window.run(nowNs -> {
      answers.requireUsable();
      return pace.onTurn(nowNs);
    });
    publishing.stop();
    boolean _ = rig.loop().run(publishing::allAnswered, System.nanoTime() + DRAIN_NS, _ -> 0);
    answers.stopReconnecting();
    window.report();
    findings.latency(answers.latency().total());
    answers.report(findings);
    publishers.forEach(Publisher::close);
    return Results.of(this, rig, load, findings);
  }
}
