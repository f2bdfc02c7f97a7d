package dev.fanfare.observe;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// A clock that stands still while the whole process does: stopped by a signal or a debugger, in a
/// long garbage collection, on a machine that was suspended. Peers could not be heard in that time,
/// so it counts for no time-out. Steps of the underlying clock, in either direction, are left out
/// too.
///
/// Someone must [#tick] about once a second; lanes do. A stall is noticed by the first caller after
/// it. Any thread; reading the time costs three more volatile reads.
public final class StallClock implements NanoClock {

  /// The longest time between two ticks that is no stall.
  static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(3);

  /// The usual time between two ticks, which is not left out.
  static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);

  private static final Logger log = Component.SERVER.logger();

  private final NanoClock machine;

  // Written while this object is locked, in this order.
  private volatile long leftOutNs;
  private volatile long tickedAtNs;

  public StallClock(NanoClock machine) {
    this.machine = machine;
    this.tickedAtNs = machine.nanoTime();
  }

  @Override
  public long nanoTime() {
    while (true) {
      long left = leftOutNs;
      long nowNs = machine.nanoTime();
      if (isStep(nowNs - tickedAtNs)) {
        leaveOut();
      } else if (left == leftOutNs) { // else both belong to different times
        return nowNs - left;
      }
    }
  }

  @Override
  public long stalledNs() {
    return Math.max(0, leftOutNs);
  }

  @Override
  public void tick() {
    long nowNs = machine.nanoTime();
    if (isStep(nowNs - tickedAtNs)) {
      leaveOut();
    } else {
      advance(nowNs);
    }
  }

  private static boolean isStep(long sinceNs) {
    return sinceNs > LIMIT_NS || sinceNs < -LIMIT_NS;
  }

  private synchronized void advance(long nowNs) {
    if (nowNs - tickedAtNs > 0) {
      tickedAtNs = nowNs;
    }
  }

  private synchronized void leaveOut() {
    long nowNs = machine.nanoTime();
    long sinceNs = nowNs - tickedAtNs;
    if (!isStep(sinceNs)) {
      return; // another thread was faster
    }
    leftOutNs += sinceNs - TICK_NS;
    tickedAtNs = nowNs;
    if (sinceNs > 0) {
      log.warn(
          "the process stood still for {} s; this time counts for no time-out",
          TimeUnit.NANOSECONDS.toSeconds(sinceNs));
    }
  }
}
