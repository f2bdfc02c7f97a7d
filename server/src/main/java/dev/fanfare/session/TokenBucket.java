package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// So many per second, with a burst of one second's worth. Confined to one lane.
///
/// Counts in parts of a token, a billion each: then a nanosecond earns as many parts as a second
/// earns tokens, and nothing is lost in rounding.
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

  /// How many tokens a second earns.
  int perSecond() {
    return perSecond;
  }

  /// Takes one token, or returns false if there is none.
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
