package dev.fanfare.transport;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.NanoClock;
import java.util.concurrent.TimeUnit;

/// How much of one lane's time each socket may use for its input. Confined to the lane.
///
/// The longer a round over all sockets with input takes, the smaller the reads become. If a round
/// takes long nevertheless, there is a common limit, which moves until input keeps the lane busy
/// for half of the time: a socket that uses more is read more slowly ([SocketInput]), one that uses
/// less never waits. So newcomers, deliveries and all others find a lane with time to spare,
/// however many greedy senders there are, and nothing is lost: what is not read waits in the
/// kernel. The limit is lifted when a round without it would be short again, however busy the few
/// that are left keep the lane.
public final class InputBudget {

  /// How long use is measured before the limit moves.
  static final long WINDOW_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// A round that others may wait for.
  static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /// A round that reads are made smaller for.
  private static final long LONG_ROUND_NS = ROUND_NS / 4;

  /// What one read counts at most. During a longer one the lane has probably waited for a
  /// processor; the excess counts neither as used nor as available.
  static final long MAX_READ_NS = TimeUnit.MILLISECONDS.toNanos(1);

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

  /// The same, if none of the reads had been made smaller.
  private long unlimitedNs;

  /// Sockets that are not read now because they wait for their share.
  private int waiting;

  /// What one socket may use per window.
  private long shareNs = UNLIMITED;

  /// The size of a read with which a round over all sockets is short.
  private int readBytes = SocketInput.MAX_BYTES;

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

  /// Bytes that one read may take: fewer while a round over all sockets with input takes long.
  int readBytes() {
    return readBytes;
  }

  /// The current window.
  int window() {
    return window;
  }

  /// A socket was read; its input is handled now.
  void begin() {
    startNs = clock.nanoTime();
  }

  /// The input was handled. Returns the time that counts for it, nanoseconds.
  ///
  /// @param isFirst true if it is the socket's first in this window
  /// @param scale how many times as long it would have taken if the read had not been made smaller
  long end(boolean isFirst, int scale) {
    long nowNs = clock.nanoTime();
    long tookNs = Math.min(nowNs - startNs, MAX_READ_NS);
    windowStartNs += nowNs - startNs - tookNs;
    usedNs += tookNs;
    unlimitedNs += tookNs * scale;
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
    waiting++;
    tally.inputPaused();
  }

  /// A socket waits no more.
  void onResume() {
    waiting--;
  }

  private void endWindow(long elapsedNs) {
    long roundNs = usedNs / reads * sockets;
    readBytes = size(readBytes * LONG_ROUND_NS / Math.max(1, roundNs));
    if (!isLimited()) {
      boolean isBusy = usedNs > elapsedNs / 2;
      if (isBusy && roundNs > ROUND_NS) {
        shareNs = Math.max(MIN_SHARE_NS, WINDOW_NS / 2 / sockets);
      }
    } else {
      double wanted = elapsedNs / 2.0 / Math.max(1, usedNs);
      long next = (long) (shareNs * Math.clamp(wanted, 0.5, 1.25));
      boolean isForgotten = elapsedNs > FORGOTTEN * WINDOW_NS && wanted > 1;
      // Half, so that it is not imposed again at once.
      boolean isShort = unlimitedNs / reads * (sockets + waiting) < ROUND_NS / 2;
      boolean isLifted = next > MAX_SHARE_NS || isForgotten || isShort;
      shareNs = isLifted ? UNLIMITED : Math.max(MIN_SHARE_NS, next);
    }
    window++;
    usedNs = 0;
    unlimitedNs = 0;
    reads = 0;
    sockets = 0;
  }

  private static int size(long bytes) {
    return Math.clamp(bytes, SocketInput.MIN_BYTES, SocketInput.MAX_BYTES);
  }
}
