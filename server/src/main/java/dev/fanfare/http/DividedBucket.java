package dev.fanfare.http;

import java.util.concurrent.TimeUnit;

/// What the requests of one app to this node have used of this node's share of a limit, when the
/// share may change at any time. Thread-safe.
///
/// A request for more than the share is accepted if nothing is used, and is paid off afterwards:
/// otherwise a node with a small share could never accept a large batch.
final class DividedBucket {

  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private double used;
  private long atNs;

  /// Creates a bucket of which nothing is used.
  DividedBucket(long nowNs) {
    this.atNs = nowNs;
  }

  /// Takes all of `tokens` and returns [RateLimit#TAKEN], or takes none and returns how many there
  /// are. Of two threads, the one that read the clock first may arrive last.
  ///
  /// @param limit of all nodes, per second
  /// @param share of this node, per second
  synchronized int take(int tokens, int limit, double share, long nowNs) {
    long elapsedNs = nowNs - atNs;
    if (elapsedNs > 0) {
      used = Math.max(0, used - elapsedNs / SECOND_NS * share);
      atNs = nowNs;
    }
    if (tokens <= limit && (used == 0 || used + tokens <= share)) {
      used += tokens;
      return RateLimit.TAKEN;
    }
    return (int) Math.max(0, share - used);
  }

  /// Returns tokens that were not used.
  synchronized void giveBack(int tokens) {
    used = Math.max(0, used - tokens);
  }
}
