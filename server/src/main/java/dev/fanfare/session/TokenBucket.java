package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// A rate limit with a burst of one second's worth. Confined to one lane.
///
/// Counts billionths of a token: a nanosecond then refills as many parts as a second refills
/// tokens, without rounding errors.
final class TokenBucket {

  private static final long PARTS_PER_TOKEN = TimeUnit.SECONDS.toNanos(1);

  private final int perSecond;
  private long parts;
  private long filledAtNs;

  TokenBucket(int perSecond, long nowNs) {
    this.perSecond = perSecond;
    this.parts = perSecond * PARTS_PER_TOKEN;
    this.filledAtNs = nowNs;
  }

  /// Tokens refilled per second.
  int perSecond() {
    return perSecond;
  }

  /// Takes one token; false if there is none.
  boolean tryTake(long nowNs) {
    long elapsedNs = Math.min(nowNs - filledAtNs, TimeUnit.SECONDS.toNanos(1));
    parts = Math.min(perSecond * PARTS_PER_TOKEN, parts + elapsedNs * perSecond);
    filledAtNs = nowNs;
    if (parts < PARTS_PER_TOKEN) {
      return false;
    }
    parts -= PARTS_PER_TOKEN;
    return true;
  }
}
