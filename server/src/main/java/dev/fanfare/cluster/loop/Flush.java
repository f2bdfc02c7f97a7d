package dev.fanfare.cluster.loop;

import java.util.concurrent.TimeUnit;

/// Decides when the cluster's thread takes messages and sends what waits. The first item goes at
/// once, so a lone event waits for nothing. What follows within a millisecond goes together at its
/// end, or once a datagram is full: so under load datagrams are long and few, and the thread is not
/// woken for each message. Confined to the cluster's thread.
final class Flush {

  /// Between two datagrams for the same node, unless they are full.
  static final long GAP_NS = TimeUnit.MILLISECONDS.toNanos(1);

  static final long FULL_BYTES = 65_536;

  /// After a turn with so many messages, the next ones will come within the gap.
  static final int BUSY_MESSAGES = 2;

  private boolean hasSent;
  private boolean isWaiting;
  private boolean isBusy;
  private long sentNs;

  /// A turn has taken so many messages of this node.
  void onTaken(int messages) {
    isBusy = messages >= BUSY_MESSAGES;
  }

  /// True if what waits should be sent now.
  ///
  /// @param canSend false if nothing waits that a window lets through
  /// @param waitingBytes of items for one node
  boolean isDue(boolean canSend, long waitingBytes, long nowNs) {
    boolean isGap = hasSent && nowNs - sentNs < GAP_NS;
    isWaiting = canSend && isGap && waitingBytes < FULL_BYTES;
    return canSend && !isWaiting;
  }

  /// What waited was sent, as far as windows permit.
  void onFlushed(long nowNs) {
    hasSent = true;
    sentNs = nowNs;
  }

  /// True if the thread need not be woken for a message: it would wait for the end of the gap, or
  /// the thread looks at the queue within the gap anyway.
  boolean mayMessagesWait() {
    return isWaiting || isBusy;
  }

  /// How long a thread may sleep before something is due, at most `limitNs`.
  long sleepNs(long limitNs, long nowNs) {
    if (isWaiting) {
      return Math.clamp(sentNs + GAP_NS - nowNs, 0, limitNs);
    }
    return isBusy ? Math.min(GAP_NS, limitNs) : limitNs;
  }
}
