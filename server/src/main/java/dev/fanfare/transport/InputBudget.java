package dev.fanfare.transport;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.NanoClock;
import java.util.concurrent.TimeUnit;

/// How much of one lane's time each socket may use for its input. Confined to the lane.
///
/// Without limit, as long as a round over all sockets with input takes only milliseconds. Otherwise
/// there is a common limit, which moves until input keeps the lane busy for half of the time: a
/// socket that uses more is read more slowly ([SocketInput]), one that uses less never waits. So
/// newcomers, deliveries and all others find a lane with time to spare, however many greedy senders
/// there are, and nothing is lost: what is not read waits in the kernel.
public final class InputBudget {

  /// How long use is measured before the limit moves.
  static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// A round that others may wait for.
  static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /// The share of a lane that is not busy.
  private static final long UNLIMITED = Long.MAX_VALUE;

  /// A limit above is lifted: only a few sockets could exceed it.
  private static final long MAX_SHARE_NS = WINDOW_NS / 4;

  private static final long MIN_SHARE_NS = WINDOW_NS / 4_096;

  /// Windows without input after which nothing is known any more.
  private static final int FORGOTTEN = 10;

  private final NanoClock clock;
  private final LaneTally tally;

  /// The number of the current window, from 1, and its start.
  private int window = 1;

  private long windowStartNs;

  /// Time used for input in this window, by how many reads of how many sockets.
  private long usedNs;

  private int reads;
  private int sockets;

  /// What one socket may use per window.
  private long shareNs = UNLIMITED;

  /// When the handling of the current read began.
  private long startNs;

  public InputBudget(NanoClock clock, LaneTally tally) {
    this.clock = clock;
    this.tally = tally;
    this.windowStartNs = clock.nanoTime();
  }

  /// True while sockets have a limit.
  boolean isLimited() {
    return shareNs != UNLIMITED;
  }

  /// The current window.
  int window() {
    return window;
  }

  /// A socket was read; its input is handled now.
  void begin() {
    startNs = clock.nanoTime();
  }

  /// The input was handled. Returns the time that this took, nanoseconds.
  ///
  /// @param isFirst true if it is the socket's first in this window
  long end(boolean isFirst) {
    long nowNs = clock.nanoTime();
    long tookNs = nowNs - startNs;
    usedNs += tookNs;
    reads++;
    sockets += isFirst ? 1 : 0;
    startNs = nowNs;
    if (nowNs - windowStartNs >= WINDOW_NS) {
      endWindow(nowNs - windowStartNs);
      windowStartNs = nowNs;
    }
    return tookNs;
  }

  /// When the handling of the current read ended, or began.
  long nowNs() {
    return startNs;
  }

  /// The time after which a socket has used no more than its share, if it used `usedNs` and nothing
  /// else; nanoseconds.
  long costNs(long usedNs) {
    return usedNs * WINDOW_NS / shareNs;
  }

  /// A socket has to wait for its share.
  void onPause() {
    tally.inputPaused();
  }

  private void endWindow(long elapsedNs) {
    if (!isLimited()) {
      boolean isBusy = usedNs > elapsedNs / 2;
      if (isBusy && usedNs / reads * sockets > ROUND_NS) {
        shareNs = Math.max(MIN_SHARE_NS, WINDOW_NS / 2 / sockets);
      }
    } else {
      double wanted = elapsedNs / 2.0 / Math.max(1, usedNs);
      long next = (long) (shareNs * Math.clamp(wanted, 0.5, 1.25));
      boolean isForgotten = elapsedNs > FORGOTTEN * WINDOW_NS && wanted > 1;
      shareNs = next > MAX_SHARE_NS || isForgotten ? UNLIMITED : Math.max(MIN_SHARE_NS, next);
    }
    window++;
    usedNs = 0;
    reads = 0;
    sockets = 0;
  }
}
