package dev.fanfare.doctor;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Report;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.step.Check;
import dev.fanfare.doctor.step.ClockCheck;
import dev.fanfare.doctor.step.ConfirmationCheck;
import dev.fanfare.doctor.step.DeliveryCheck;
import dev.fanfare.doctor.step.DnsCheck;
import dev.fanfare.doctor.step.DoctorOptions;
import dev.fanfare.doctor.step.EndpointCheck;
import dev.fanfare.doctor.step.ForgeryCheck;
import dev.fanfare.doctor.step.HandshakeCheck;
import dev.fanfare.doctor.step.HttpCheck;
import dev.fanfare.doctor.step.IdleCheck;
import dev.fanfare.doctor.step.LargeEventCheck;
import dev.fanfare.doctor.step.PingCheck;
import dev.fanfare.doctor.step.PrivateCheck;
import dev.fanfare.doctor.step.PublicCheck;
import dev.fanfare.doctor.step.PublishCheck;
import dev.fanfare.doctor.step.TcpCheck;
import dev.fanfare.doctor.step.TlsCheck;
import dev.fanfare.doctor.step.UpgradeCheck;
import dev.fanfare.doctor.step.UrlCheck;
import dev.fanfare.doctor.step.Visit;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.observe.NanoClock;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// Runs the steps one after the other, skips those that depend on a failed one, and collects what
/// each has found.
public final class Doctor {

  /// How long a step may overrun its deadline before it is abandoned. Some operations, such as name
  /// resolution, have no timeout; the others need a while on a busy machine to report what they
  /// found.
  private static final Duration GRACE = Duration.ofSeconds(5);

  private static final Outcome NO_KEY =
      new Outcome.Skipped("no app's key is known; add --key, or --config with an app");

  private final List<Check> checks;

  /// @param clock this machine's, to compare the server's with
  public Doctor(InstantSource clock) {
    checks =
        List.of(
            new UrlCheck(),
            new DnsCheck(),
            new TcpCheck(),
            new TlsCheck(clock),
            new HttpCheck(),
            new UpgradeCheck(),
            new HandshakeCheck(),
            new PingCheck(),
            new PublicCheck(),
            new PrivateCheck(),
            new ForgeryCheck(),
            new EndpointCheck(),
            new ClockCheck(clock),
            new PublishCheck(clock),
            new DeliveryCheck(clock),
            new LargeEventCheck(clock),
            new ConfirmationCheck(clock),
            new IdleCheck());
  }

  /// Runs all steps. Blocks until the last one has finished.
  ///
  /// @throws IOException if the file of trusted certificates cannot be read
  public Report examine(DoctorOptions options) throws IOException {
    return examine(options, _ -> {});
  }

  /// The same.
  ///
  /// @param progress gets the result of each step, on the calling thread
  public Report examine(DoctorOptions options, Consumer<Report.Line> progress) throws IOException {
    Map<Step, Step> causes = new EnumMap<>(Step.class);
    List<Report.Line> lines = new ArrayList<>();
    try (Visit visit = new Visit(options)) {
      for (Check check : checks) {
        Report.Line line = line(check, visit, causes);
        lines.add(line);
        progress.accept(line);
      }
      return new Report(options.site().url(), lines, visit.proxy(), visit.activitySeconds());
    }
  }

  /// @param causes for each step that did not succeed, the failed step that caused it
  private static Report.Line line(Check check, Visit visit, Map<Step, Step> causes) {
    Step step = check.step();
    for (Step need : step.needs()) {
      Step cause = causes.get(need);
      if (cause != null) {
        causes.put(step, cause);
        String finding = "skipped, because " + cause.title() + " failed";
        return new Report.Line(step, new Outcome.Skipped(finding), 0);
      }
    }
    if (step.needsKey() && !visit.credentials().hasKey()) {
      return new Report.Line(step, NO_KEY, 0);
    }
    long startNs = NanoClock.SYSTEM.nanoTime();
    Outcome outcome = run(check, visit);
    if (outcome instanceof Outcome.Failed) {
      causes.put(step, step);
    }
    long ms = TimeUnit.NANOSECONDS.toMillis(NanoClock.SYSTEM.nanoTime() - startNs);
    return new Report.Line(step, outcome, ms);
  }

  /// Runs one check on a separate thread, until its time is over.
  static Outcome run(Check check, Visit visit) {
    Duration limit = visit.options().timeout().plusSeconds(check.extraSeconds(visit.options()));
    FutureTask<Outcome> task = new FutureTask<>(() -> check.run(visit, Deadline.in(limit)));
    Thread thread = Thread.ofVirtual().name("fanfare-doctor").start(task);
    try {
      return task.get(limit.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      thread.interrupt();
      return late(limit);
    } catch (ExecutionException e) {
      return unexpected(e.getCause() == null ? e : e.getCause(), limit);
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      return new Outcome.Skipped("interrupted");
    }
  }

  private static Outcome unexpected(Throwable cause, Duration limit) {
    return switch (cause) {
      case SocketTimeoutException _ -> late(limit);
      case PusherSocket.Closed closed ->
          new Outcome.Failed(
              "the server closed the connection with "
                  + closed.code()
                  + " "
                  + Words.brief(String.valueOf(closed.getMessage())),
              "Look up the code in docs/errors.md.");
      case EOFException e ->
          new Outcome.Failed(
              String.valueOf(e.getMessage()),
              "Check the logs of the server and of every proxy in between for this time.");
      case IOException e ->
          new Outcome.Failed(
              "the connection broke: " + e.getMessage(),
              "Check the logs of the server and of every proxy in between for this time.");
      default -> new Outcome.Failed("internal error of the doctor: " + cause, "Please report it.");
    };
  }

  private static Outcome late(Duration limit) {
    return new Outcome.Failed(
        "no response within " + limit.toMillis() / 1000.0 + " s",
        "If the network is slow, raise --timeout; else find out what delays the response.",
        true);
  }
}
