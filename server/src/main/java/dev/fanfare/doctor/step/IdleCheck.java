package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.ProxyBlock;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.PusherSocket;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.observe.NanoClock;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Holds an idle connection, as a client would, and checks whether it lasts: proxies close idle
/// connections, many after 60 seconds.
///
/// A client pings after `activity_timeout`, or after 120 s if that is longer (section 1.4); the
/// server pings after the same time. Neither pings earlier, so a proxy must wait longer.
public final class IdleCheck implements Check {

  private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// The longest that clients wait, whatever the server sends.
  private static final int CLIENT_SECONDS = 120;

  /// The default timeout of nginx, HAProxy and most load balancers.
  private static final int COMMON_SECONDS = 60;

  @Override
  public Step step() {
    return Step.IDLE;
  }

  @Override
  public long extraSeconds(DoctorOptions options) {
    return options.idleSeconds();
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    int activity = visit.activitySeconds();
    int idle = visit.options().idleSeconds();
    if (idle == 0) {
      return new Outcome.Skipped(
          activity < COMMON_SECONDS
              ? "not requested; try --idle " + (activity + 10)
              : "not requested; clients may be silent for "
                  + activity
                  + " s, and many proxies close idle connections after "
                  + COMMON_SECONDS
                  + " s: try --idle "
                  + (activity + 10));
    }
    long startNs = NanoClock.SYSTEM.nanoTime();
    IOException end = silence(visit, startNs, idle);
    long seconds = Math.round((NanoClock.SYSTEM.nanoTime() - startNs) / NS_PER_SECOND);
    if (end != null) {
      return cut(visit, seconds, end);
    }
    visit.socket().ping(deadline);
    return new Outcome.Passed(
        "an idle connection lasts for " + seconds + " s" + remark(activity, idle));
  }

  /// Behaves like a client. Returns how the connection ended; null if it did not.
  private static @Nullable IOException silence(Visit visit, long startNs, int idle) {
    int every = Math.min(CLIENT_SECONDS, visit.activitySeconds());
    long endNs = startNs + TimeUnit.SECONDS.toNanos(idle);
    try {
      while (true) {
        long leftNs = endNs - NanoClock.SYSTEM.nanoTime();
        if (leftNs <= 0) {
          return null;
        }
        long waitNs = Math.min(leftNs, TimeUnit.SECONDS.toNanos(every));
        try {
          visit.socket().listen(Deadline.in(Duration.ofNanos(waitNs)));
        } catch (SocketTimeoutException _) {
          if (NanoClock.SYSTEM.nanoTime() < endNs) {
            visit.socket().ping();
          }
        }
      }
    } catch (IOException e) {
      return e;
    }
  }

  private static Outcome cut(Visit visit, long seconds, IOException end) {
    int activity = visit.activitySeconds();
    if (end instanceof PusherSocket.Closed closed) {
      return new Outcome.Failed(
          "the server closed the connection after "
              + seconds
              + " s with "
              + closed.code()
              + " "
              + Words.brief(String.valueOf(closed.getMessage())),
          "Look up the code in docs/errors.md; apps have timeouts for idle connections.");
    }
    if (!(end instanceof EOFException || end instanceof SocketException)) {
      return new Outcome.Failed(
          "the connection broke after " + seconds + " s: " + end.getMessage(),
          "Check the logs of every proxy in between.",
          true);
    }
    return new Outcome.Failed(
        "an idle connection is closed after "
            + seconds
            + " s, and clients may be silent for "
            + activity
            + " s",
        "Raise the proxy's timeout above that (in nginx proxy_read_timeout "
            + ProxyBlock.idleSeconds(activity)
            + "s;), or make the server ping more often: activity_timeout_seconds: "
            + Math.max(1, seconds / 2)
            + ".",
        true);
  }

  private static String remark(int activity, int idle) {
    return idle > activity
        ? ", with pings every " + activity + " s"
        : "; clients may be silent for longer: try --idle " + (activity + 10);
  }
}
