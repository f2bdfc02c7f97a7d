package dev.fanfare.observe;

import java.util.concurrent.TimeUnit;

/// Limits log lines per second, so that a flood of refusals cannot fill a disk, and counts those
/// left out. Any thread.
final class LineBudget {

  /// Lines of a burst, and lines per second after it.
  static final int LINES_PER_SECOND = 20;

  /// Returned by [#take] for a line that must be left out.
  static final long SPENT = -1;

  private final NanoClock clock;

  // Guarded by this.
  private double allowance = LINES_PER_SECOND;
  private long refilledAtNs;
  private long leftOut;

  LineBudget(NanoClock clock) {
    this.clock = clock;
    this.refilledAtNs = clock.nanoTime();
  }

  /// Takes one line. Returns how many were left out before it, or [#SPENT].
  synchronized long take() {
    long nowNs = clock.nanoTime();
    double earned =
        (double) (nowNs - refilledAtNs) * LINES_PER_SECOND / TimeUnit.SECONDS.toNanos(1);
    allowance = Math.min(LINES_PER_SECOND, allowance + earned);
    refilledAtNs = nowNs;
    if (allowance < 1) {
      leftOut++;
      return SPENT;
    }
    allowance--;
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
