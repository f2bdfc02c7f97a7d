package dev.fanfare.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// A token bucket with a burst of one second's worth. Thread-safe without a lock.
///
/// Counts in billionths of a token: a nanosecond adds as many of them as a second adds tokens, so
/// rounding loses nothing.
final class SharedBucket {

  /// Returned by [#take] on success.
  static final int TAKEN = -1;

  private static final long PARTS_PER_TOKEN = TimeUnit.SECONDS.toNanos(1);

  /// The contents at some time.
  private record Level(long parts, long atNs) {

    /// Never goes back in time: of two threads, the one that read the clock first may arrive last.
    Level at(long nowNs, int perSecond) {
      long elapsedNs = Math.clamp(nowNs - atNs, 0, TimeUnit.SECONDS.toNanos(1));
      long full = perSecond * PARTS_PER_TOKEN;
      return new Level(
          Math.min(full, parts + elapsedNs * perSecond), Math.max(0, nowNs - atNs) + atNs);
    }

    Level plus(long tokens) {
      return new Level(parts + tokens * PARTS_PER_TOKEN, atNs);
    }
  }

  private final AtomicReference<Level> level;

  /// Creates a full bucket.
  SharedBucket(int perSecond, long nowNs) {
    this.level = new AtomicReference<>(new Level(perSecond * PARTS_PER_TOKEN, nowNs));
  }

  /// Takes all of `tokens` and returns [#TAKEN], or takes none and returns how many there are.
  int take(int tokens, int perSecond, long nowNs) {
    while (true) {
      Level seen = level.get();
      Level present = seen.at(nowNs, perSecond);
      if (present.parts < tokens * PARTS_PER_TOKEN) {
        return (int) (present.parts / PARTS_PER_TOKEN);
      }
      if (level.compareAndSet(seen, present.plus(-tokens))) {
        return TAKEN;
      }
    }
  }

  /// Returns tokens that were not used.
  void giveBack(int tokens) {
    level.updateAndGet(seen -> seen.plus(tokens));
  }
}
