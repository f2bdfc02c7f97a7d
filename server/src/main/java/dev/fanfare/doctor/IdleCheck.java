package dev.fanfare.doctor;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the connection without saying more than a client must, and sees whether it lasts: proxies
/// cut off what is silent, many after 60 seconds.
///
/// A client pings after the told activity_timeout, or after 120 s if that is longer (section 1.4);
/// the server pings after the same time. Neither happens before, so a proxy must wait for longer.
final class IdleCheck implements Check {

  private static final double NS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /// What clients do not exceed, whatever the server tells.
  private static final int CLIENT_SECONDS = 120;

  /// What nginx, HAProxy and most balancers wait for by default.
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
              ? "not asked for; try --idle " + (activity + 10)
              : "not asked for; clients may be silent for "
                  + activity
                  + " s, and many proxies cut off after "
                  + COMMON_SECONDS
                  + ": try --idle "
                  + (activity + 10));
    }
    long startNs = System.nanoTime();
    IOException end = silence(visit, startNs, idle);
    long seconds = Math.round((System.nanoTime() - startNs) / NS_PER_SECOND);
    if (end != null) {
      return cut(visit, seconds, end);
    }
    visit.socket().ping(deadline);
    return new Outcome.Passed(
        "an idle connection lasts for " + seconds + " s" + remark(activity, idle));
  }

  /// Behaves as a client does; null if the connection lasts, else how it ended.
  private static @Nullable IOException silence(Visit visit, long startNs, int idle) {
    int every = Math.min(CLIENT_SECONDS, visit.activitySeconds());
    long endNs = startNs + TimeUnit.SECONDS.toNanos(idle);
    try {
      while (true) {
        long leftNs = endNs - System.nanoTime();
        if (leftNs <= 0) {
          return null;
        }
        long waitNs = Math.min(leftNs, TimeUnit.SECONDS.toNanos(every));
        try {
          visit.socket().listen(Deadline.in(Duration.ofNanos(waitNs)));
        } catch (SocketTimeoutException _) {
          if (System.nanoTime() < endNs) {
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
          "Look up the code in docs/errors.md; apps have time-outs for idle connections.");
    }
    if (!(end instanceof EOFException || end instanceof SocketException)) {
      return new Outcome.Failed(
          "the connection broke after " + seconds + " s: " + end.getMessage(),
          "Look at the logs of every proxy on the way.",
          true);
    }
    return new Outcome.Failed(
        "a silent connection is cut off after "
            + seconds
            + " s, and clients may be silent for "
            + activity
            + " s",
        "Raise the proxy's time-out above that (in nginx proxy_read_timeout "
            + ProxyBlock.idleSeconds(activity)
            + "s;), or let the server ping more often: activity_timeout_seconds: "
            + Math.max(1, seconds / 2)
            + ".",
        true);
  }

  private static String remark(int activity, int idle) {
    return idle > activity
        ? ", pings every " + activity + " s included"
        : "; clients may be silent for longer: try --idle " + (activity + 10);
  }
}
