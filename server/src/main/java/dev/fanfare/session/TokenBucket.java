package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// A rate limit with a burst. Confined to one lane.
///
/// Counts billionths of a token: a nanosecond then refills as many parts as a second refills
/// tokens, without rounding errors.
final class TokenBucket {

  private static final long PARTS_PER_TOKEN = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private final int burst;
  private long parts;
  private long filledAtNs;

  /// A full bucket with a burst of one second's worth.
  TokenBucket(int perSecond, long nowNs) {
    this(perSecond, perSecond, perSecond, nowNs);
  }

  /// @param burst tokens that fit into the bucket
  /// @param tokens in the bucket at `nowNs`
  TokenBucket(int perSecond, int burst, int tokens, long nowNs) {
    this.perSecond = perSecond;
    this.burst = burst;
    this.parts = tokens * PARTS_PER_TOKEN;
    this.filledAtNs = nowNs;
  }

  /// Tokens refilled per second.
  int perSecond() {
    return perSecond;
  }

  /// Tokens that fit into the bucket.
  int burst() {
    return burst;
  }

  /// Takes one token; false if there is none.
  boolean tryTake(long nowNs) {
    refill(nowNs);
    if (parts < PARTS_PER_TOKEN) {
      return false;
    }
    parts -= PARTS_PER_TOKEN;
    return true;
  }

  /// Whole tokens in the bucket.
  long tokens(long nowNs) {
    refill(nowNs);
    return parts / PARTS_PER_TOKEN;
  }

  /// How long until there is a token, nanoseconds; 0 if there is one.
  long waitNs(long nowNs) {
    refill(nowNs);
    long missing = PARTS_PER_TOKEN - parts;
    return missing <= 0 ? 0 : (missing + perSecond - 1) / perSecond;
  }

  private void refill(long nowNs) {
    long fullNs = burst * PARTS_PER_TOKEN / perSecond + 1; // more would overflow
    long elapsedNs = Math.min(nowNs - filledAtNs, fullNs);
    parts = Math.min(burst * PARTS_PER_TOKEN, parts + elapsedNs * perSecond);
    filledAtNs = nowNs;
  }
}
