package dev.fanfare.session;

import java.util.concurrent.TimeUnit;

/// So many per second, with a burst of one second's worth. Confined to one lane.
final class TokenBucket {

  private final int perSecond;
  private double tokens;
  private long filledAtNs;

  TokenBucket(int perSecond, long nowNs) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledAtNs = nowNs;
  }

  /// Takes one token, or returns false if there is none.
  boolean tryTake(long nowNs) {
    double earned = (double) (nowNs - filledAtNs) * perSecond / TimeUnit.SECONDS.toNanos(1);
    tokens = Math.min(perSecond, tokens + earned);
    filledAtNs = nowNs;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }
}
