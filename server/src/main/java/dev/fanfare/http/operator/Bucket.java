package dev.fanfare.http.operator;

import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Rate;
import java.util.concurrent.atomic.AtomicLong;

/// A rate limit. Thread-safe without a lock.
final class Bucket {

  private final Rate rate;
  private final NanoClock clock;
  private final AtomicLong fullAtNs;

  /// @param perSecond tokens, at least 1; as many may be taken at once
  Bucket(int perSecond, NanoClock clock) {
    this.rate = Rate.perSecond(perSecond);
    this.clock = clock;
    this.fullAtNs = new AtomicLong(clock.nanoTime());
  }

  /// Takes a token; false if there is none.
  boolean take() {
    long nowNs = clock.nanoTime();
    while (true) {
      long seen = fullAtNs.get();
      if (!rate.allows(seen, 1, nowNs)) {
        return false;
      }
      if (fullAtNs.compareAndSet(seen, rate.take(seen, 1, nowNs))) {
        return true;
      }
    }
  }

  /// Returns a token that was not used.
  void giveBack() {
    fullAtNs.updateAndGet(seen -> rate.giveBack(seen, 1));
  }
}
