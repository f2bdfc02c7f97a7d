package dev.fanfare.session;

import dev.fanfare.observe.Rate;

/// What one connection has used of a [Rate]. Confined to one lane.
final class TokenBucket {

  private final Rate rate;
  private long fullAtNs;

  /// A full bucket with a burst of one second's worth.
  TokenBucket(int perSecond, long nowNs) {
    this(perSecond, perSecond, perSecond, nowNs);
  }

  /// @param burst tokens that fit into the bucket
  /// @param tokens in the bucket at `nowNs`
  TokenBucket(int perSecond, int burst, int tokens, long nowNs) {
    this.rate = new Rate(perSecond, burst);
    this.fullAtNs = rate.filled(tokens, nowNs);
  }

  /// Tokens refilled per second.
  int perSecond() {
    return rate.perSecond();
  }

  /// Tokens that fit into the bucket.
  int burst() {
    return rate.burst();
  }

  /// Takes one token; false if there is none.
  boolean tryTake(long nowNs) {
    boolean isAllowed = rate.allows(fullAtNs, 1, nowNs);
    if (isAllowed) {
      fullAtNs = rate.take(fullAtNs, 1, nowNs);
    }
    return isAllowed;
  }

  /// Whole tokens in the bucket.
  long tokens(long nowNs) {
    return rate.left(fullAtNs, nowNs);
  }

  /// How long until there is a token, nanoseconds; 0 if there is one.
  long waitNs(long nowNs) {
    return rate.waitNs(fullAtNs, 1, nowNs);
  }
}
