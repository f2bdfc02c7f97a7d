package dev.fanfare.observe;

import org.slf4j.Logger;

/// Limits log lines per second, so that a flood of refusals cannot fill a disk, and counts those
/// left out. Any thread.
public final class LineBudget {

  /// Lines of a burst, and lines per second after it.
  private static final int LINES_PER_SECOND = 20;

  private static final Rate RATE = Rate.perSecond(LINES_PER_SECOND);

  /// Returned by [#take] for a line that must be left out.
  private static final long SPENT = -1;

  /// For faults that many connections may have at the same time, such as failed deliveries.
  public static final LineBudget FAULTS = new LineBudget(NanoClock.SYSTEM);

  private final NanoClock clock;

  // Guarded by this.
  private long fullAtNs;
  private long leftOut;

  public LineBudget(NanoClock clock) {
    this.clock = clock;
    this.fullAtNs = clock.nanoTime();
  }

  /// Takes one line; false if it must be left out. If lines were left out before it, `logger` says
  /// how many.
  public boolean permits(Logger logger) {
    long before = take();
    if (before > 0) {
      logger.warn(
          "{} more lines like the next one were left out, the limit is {} per second",
          before,
          LINES_PER_SECOND);
    }
    return before != SPENT;
  }

  /// Takes one line. Returns how many were left out before it, or [#SPENT].
  private synchronized long take() {
    long nowNs = clock.nanoTime();
    if (!RATE.allows(fullAtNs, 1, nowNs)) {
      leftOut++;
      return SPENT;
    }
    fullAtNs = RATE.take(fullAtNs, 1, nowNs);
    long before = leftOut;
    leftOut = 0;
    return before;
  }
}
