package dev.fanfare.cluster.loop;

import java.util.concurrent.TimeUnit;

/// Decides when waiting items are sent. While nothing is in flight to the engine they go at once,
/// so a lone event waits for nothing. Otherwise they go with the completion of what is in flight,
/// after a millisecond, or once a datagram is full: so under load datagrams are long, and few.
/// Confined to the cluster's thread.
final class Flush {

  static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(1);
  static final long FULL_BYTES = 65_536;

  private boolean isWaiting;
  private long sinceNs;

  /// True if what waits should be sent now.
  ///
  /// @param canSend false if nothing waits that a window lets through
  /// @param waitingBytes of items for one node
  /// @param inFlight datagrams that the engine has not accepted yet
  boolean isDue(boolean canSend, long waitingBytes, int inFlight, long nowNs) {
    if (!canSend) {
      isWaiting = false;
      return false;
    }
    if (!isWaiting) {
      isWaiting = true;
      sinceNs = nowNs;
    }
    return inFlight == 0 || waitingBytes >= FULL_BYTES || nowNs - sinceNs >= MAX_WAIT_NS;
  }

  /// What waited was sent, as far as windows permit.
  void onFlushed() {
    isWaiting = false;
  }

  /// True after [#isDue] has left something waiting, which a completion makes due.
  boolean isWaiting() {
    return isWaiting;
  }

  /// How long a thread may sleep before something is due, at most `limitNs`.
  long sleepNs(long limitNs, long nowNs) {
    return isWaiting ? Math.clamp(sinceNs + MAX_WAIT_NS - nowNs, 0, limitNs) : limitNs;
  }
}
