package dev.fanfare.http;

import dev.fanfare.observe.Rate;
import java.util.concurrent.atomic.AtomicLong;

/// What the requests of one sender have used of a [Rate]. Thread-safe without a lock.
public final class SharedBucket {

  private final AtomicLong fullAtNs;

  /// Creates a full bucket.
  public SharedBucket(long nowNs) {
    this.fullAtNs = new AtomicLong(nowNs);
  }

  /// Takes all of `tokens` and returns [RateLimit#TAKEN], or takes none and returns how many there
  /// are. Of two threads, the one that read the clock first may arrive last.
  int take(int tokens, int perSecond, long nowNs) {
    Rate rate = Rate.perSecond(perSecond);
    while (true) {
      long seen = fullAtNs.get();
      if (!rate.allows(seen, tokens, nowNs)) {
        return (int) rate.left(seen, nowNs);
      }
      if (fullAtNs.compareAndSet(seen, rate.take(seen, tokens, nowNs))) {
        return RateLimit.TAKEN;
      }
    }
  }

  /// Takes one token; false if there is none.
  public boolean tryTake(int perSecond, long nowNs) {
    return take(1, perSecond, nowNs) == RateLimit.TAKEN;
  }

  /// Returns tokens that were not used.
  public void giveBack(int tokens, int perSecond) {
    Rate rate = Rate.perSecond(perSecond);
    fullAtNs.updateAndGet(seen -> rate.giveBack(seen, tokens));
  }
}
