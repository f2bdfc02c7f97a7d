package dev.fanfare.observe;

import java.util.concurrent.TimeUnit;

/// A rate limit with a burst, as arithmetic: a token bucket in one number (GCRA), which is the time
/// at which the bucket will be full again, in nanoseconds of a monotonic clock. Code that limits
/// something keeps that number and decides how threads share it. Immutable.
///
/// The cost of one token is a whole number of nanoseconds, rounded down. So a burst is exact up to
/// 31,622 tokens per second, and up to a million at most 0.1 % too large; the error grows with the
/// rate.
///
/// @param perSecond tokens refilled per second, at least 1
/// @param burst tokens that fit into the bucket
public record Rate(int perSecond, int burst) {

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /// A rate with a burst of one second's worth.
  public static Rate perSecond(int tokens) {
    return new Rate(tokens, tokens);
  }

  /// The state of a bucket with that many tokens in it.
  public long filled(int tokens, long nowNs) {
    return nowNs + costNs(burst - tokens);
  }

  /// True if there are that many tokens.
  ///
  /// @param fullAtNs the state
  public boolean allows(long fullAtNs, long tokens, long nowNs) {
    return debtNs(fullAtNs, nowNs) + costNs(tokens) <= burstNs();
  }

  /// The state after that many tokens were taken, whether they were there or not.
  public long take(long fullAtNs, long tokens, long nowNs) {
    return nowNs + debtNs(fullAtNs, nowNs) + costNs(tokens);
  }

  /// The state after that many tokens were returned.
  public long giveBack(long fullAtNs, long tokens) {
    return fullAtNs - costNs(tokens);
  }

  /// Whole tokens in the bucket.
  public long left(long fullAtNs, long nowNs) {
    long roomNs = Math.max(0, burstNs() - debtNs(fullAtNs, nowNs));
    return roomNs / SECOND_NS * perSecond + roomNs % SECOND_NS * perSecond / SECOND_NS;
  }

  /// How long until there are that many tokens, nanoseconds; 0 if there are.
  public long waitNs(long fullAtNs, long tokens, long nowNs) {
    return Math.max(0, debtNs(fullAtNs, nowNs) + costNs(tokens) - burstNs());
  }

  /// How far the bucket is from full. Differences of times, because the clock may wrap.
  private static long debtNs(long fullAtNs, long nowNs) {
    return Math.max(0, fullAtNs - nowNs);
  }

  private long costNs(long tokens) {
    return tokens * SECOND_NS / perSecond;
  }

  /// Rounded up, so that the burst fits.
  private long burstNs() {
    return (burst * SECOND_NS + perSecond - 1) / perSecond;
  }
}
