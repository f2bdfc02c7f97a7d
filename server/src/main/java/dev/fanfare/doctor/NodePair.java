package dev.fanfare.doctor;

import dev.fanfare.doctor.report.EngineReport;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.step.Check;
import dev.fanfare.doctor.step.CrossingCheck;
import dev.fanfare.doctor.step.DnsCheck;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.step.HandshakeCheck;
import dev.fanfare.doctor.step.HttpCheck;
import dev.fanfare.doctor.step.PublicCheck;
import dev.fanfare.doctor.step.TcpCheck;
import dev.fanfare.doctor.step.TlsCheck;
import dev.fanfare.doctor.step.UpgradeCheck;
import dev.fanfare.doctor.step.Visit;
import dev.fanfare.observe.NanoClock;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Examines two nodes of a cluster: whether each can be reached, and whether an event that is
/// published on one arrives at a client of the other. Blocks; for one thread.
public final class NodePair {

  private final InstantSource clock;
  private final List<EngineReport.Line> lines = new ArrayList<>();

  /// @param clock this machine's
  public NodePair(InstantSource clock) {
    this.clock = clock;
  }

  /// Runs the steps.
  ///
  /// @throws IOException if the file of trusted certificates cannot be read
  public List<EngineReport.Line> examine(DoctorOptions first, DoctorOptions second)
      throws IOException {
    try (Visit one = new Visit(first);
        Visit other = new Visit(second)) {
      boolean isReached = run("first URL", () -> reach(one));
      isReached = run("second URL", () -> reach(other)) && isReached;
      if (isReached) {
        boolean _ = run("crossing", () -> cross(one, other));
      } else {
        Outcome skipped = new Outcome.Skipped("skipped, because a node cannot be used");
        lines.add(new EngineReport.Line("crossing", skipped, 0));
      }
      return lines;
    }
  }

  private boolean run(String title, Supplier<Outcome> step) {
    long startNs = NanoClock.SYSTEM.nanoTime();
    Outcome outcome = step.get();
    long ms = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - startNs);
    lines.add(new EngineReport.Line(title, outcome, ms));
    return !(outcome instanceof Outcome.Failed) && !(outcome instanceof Outcome.Skipped);
  }

  private Outcome reach(Visit visit) {
    String url = visit.options().url().site().url();
    if (!visit.credentials().hasKey()) {
      return new Outcome.Skipped(url + ": no app's key is known; add --key");
    }
    List<Check> checks =
        List.of(
            new DnsCheck(),
            new TcpCheck(),
            new TlsCheck(clock),
            new HttpCheck(),
            new UpgradeCheck(),
            new HandshakeCheck(),
            new PublicCheck());
    Outcome warning = new Outcome.Passed(url + ": a client can subscribe");
    for (Check check : checks) {
      switch (Doctor.run(check, visit)) {
        case Outcome.Failed(String finding, String remedy, boolean byProxy) -> {
          return new Outcome.Failed(url + ": " + finding, remedy, byProxy);
        }
        case Outcome.Warned(String finding, String remedy) ->
            warning = new Outcome.Warned(url + ": " + finding, remedy);
        case Outcome.Passed _, Outcome.Skipped _ -> {}
      }
    }
    return warning;
  }

  /// In both directions.
  private Outcome cross(Visit one, Visit other) {
    Outcome there = Doctor.run(new CrossingCheck(clock, other), one);
    if (!(there instanceof Outcome.Passed)) {
      return there;
    }
    Outcome back = Doctor.run(new CrossingCheck(clock, one), other);
    return back instanceof Outcome.Passed
        ? new Outcome.Passed(there.finding() + "; " + back.finding())
        : back;
  }
}
