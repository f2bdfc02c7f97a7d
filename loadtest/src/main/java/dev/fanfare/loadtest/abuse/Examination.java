package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.attack.AttackKind;
import dev.fanfare.loadtest.attack.Tally;
import dev.fanfare.loadtest.client.Interruption;
import dev.fanfare.loadtest.report.RunResult;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Runs attacks in turn and states what each did to the server and to bystanders. Runs once, on one
/// thread, and blocks it.
public final class Examination {

  private static final long WARM_UP_NS = 1_000_000_000L;
  private static final long POLL_NS = 20_000_000L;

  /// Sockets of bystanders that may be open at a moment, and files the JVM opens for itself.
  private static final int FILE_SLACK = 16;

  private final ExaminedServer server;
  private final AbusePlan plan;
  private final Interruption interruption;
  private final Consumer<String> progress;

  /// @param interruption stops it after the current attack
  /// @param progress is given the name of each attack that begins
  public Examination(
      ExaminedServer server, AbusePlan plan, Interruption interruption, Consumer<String> progress) {
    this.server = server;
    this.plan = plan;
    this.interruption = interruption;
    this.progress = progress;
  }

  /// One result per attack; fewer after an interruption, or if the server has ended and was not
  /// started here.
  public List<RunResult> run() {
    List<RunResult> results = new ArrayList<>();
    try (Attackers attackers = new Attackers(server.target(), server.metrics())) {
      while (results.size() < plan.kinds().size() && !interruption.isRequested()) {
        if (!server.isAlive() && !server.restart()) {
          return results;
        }
        try (Bystanders bystanders = new Bystanders(server.target(), server.metrics())) {
          examine(bystanders, attackers, results);
        }
      }
    }
    return results;
  }

  /// Runs the remaining attacks, until the server's process exits.
  private void examine(Bystanders bystanders, Attackers attackers, List<RunResult> results) {
    warmUp(bystanders);
    while (results.size() < plan.kinds().size()
        && !interruption.isRequested()
        && server.isAlive()) {
      AttackKind kind = plan.kinds().get(results.size());
      progress.accept(kind.name());
      results.add(examine(kind, bystanders, attackers));
    }
  }

  /// The latencies of the first requests, which are slower than all others, are not reported.
  private void warmUp(Bystanders bystanders) {
    pauseUntil(System.nanoTime() + WARM_UP_NS);
    var _ = bystanders.scene().takeLatencies();
  }

  private RunResult examine(AttackKind kind, Bystanders bystanders, Attackers attackers) {
    Scene scene = bystanders.scene();
    Scraper scraper = bystanders.scraper();
    scene.enter(Phase.BEFORE);
    long startNs = System.nanoTime();
    pauseUntil(startNs + plan.calmNs());
    awaitScrape(scraper, startNs);
    ServerWatch.Usage before = ServerWatch.Usage.now(server.process(), scraper);
    Gauges gauges = gauges(scraper);

    ServerWatch watch = new ServerWatch(server.process(), scraper);
    scene.enter(Phase.DURING);
    Tally.Totals totals = attackers.attack(kind, plan.sockets(), plan.durationNs());
    scene.enter(Phase.AFTER);
    long endNs = System.nanoTime();
    ServerWatch.Usage peak = watch.stop();

    String left = recover(bystanders, gauges, before, endNs);
    pauseUntil(endNs + plan.calmNs());
    int end = scene.deliveries.next();
    settle(scene.deliveries, end);
    AttackReport report = new AttackReport(server.name(), kind, plan);
    report.latencies(scene.takeLatencies());
    report.attack(totals);
    report.usage(before, peak, ServerWatch.Usage.now(server.process(), scraper));
    report.deliveries(scene.deliveries.take(end));
    report.facts(server.isAlive(), left, scene.troubles.take());
    return report.result();
  }

  /// Waits until everything is as before; returns what is not in time.
  private String recover(
      Bystanders bystanders, Gauges gauges, ServerWatch.Usage before, long endNs) {
    String left = remaining(bystanders, gauges, before, endNs);
    while (!left.isEmpty()
        && System.nanoTime() - endNs < plan.recoveryNs()
        && server.isAlive()
        && !interruption.isRequested()) {
      LockSupport.parkNanos(POLL_NS);
      left = remaining(bystanders, gauges, before, endNs);
    }
    return left;
  }

  private String remaining(
      Bystanders bystanders, Gauges gauges, ServerWatch.Usage before, long endNs) {
    Scraper scraper = bystanders.scraper();
    List<String> left = new ArrayList<>();
    HealthProbe.Answer ready = bystanders.health().ready();
    if (ready.startNs() < endNs) {
      left.add("/ready is not answered");
    } else if (!ready.reasons().isEmpty()) {
      left.add("/ready says: " + ready.reasons());
    }
    if (scraper != null && scraper.latest().startNs() < endNs) {
      left.add("the metrics are not answered");
    }
    String above = gauges(scraper).above(gauges);
    if (!above.isEmpty()) {
      left.add(above);
    }
    int files = server.process() == null ? 0 : server.process().openFiles();
    if (files > before.files() + FILE_SLACK) {
      left.add("%,d files are open (%,d before)".formatted(files, before.files()));
    }
    return String.join("; ", left);
  }

  private static Gauges gauges(@Nullable Scraper scraper) {
    return Gauges.of(scraper == null ? MetricsText.EMPTY : scraper.latest().metrics());
  }

  private void awaitScrape(@Nullable Scraper scraper, long sinceNs) {
    while (scraper != null
        && scraper.latest().startNs() < sinceNs
        && System.nanoTime() - sinceNs < plan.recoveryNs()
        && server.isAlive()) {
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private void settle(Deliveries deliveries, int end) {
    long startNs = System.nanoTime();
    while (!deliveries.isComplete(end)
        && System.nanoTime() - startNs < plan.recoveryNs()
        && server.isAlive()) {
      LockSupport.parkNanos(POLL_NS);
    }
  }

  private void pauseUntil(long ns) {
    while (System.nanoTime() < ns && !interruption.isRequested()) {
      LockSupport.parkNanos(POLL_NS);
    }
  }
}
