package dev.fanfare.http;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// So many tokens per second, with a burst of one second's worth, for any number of threads at once
/// and without a lock.
///
/// Counts in parts of a token, a billion each: then a nanosecond earns as many parts as a second
/// earns tokens, and nothing is ever lost in rounding.
final class SharedBucket {

  /// What [#take] returns if it took.
  static final int TAKEN = -1;

  private static final long PARTS_PER_TOKEN = TimeUnit.SECONDS.toNanos(1);

  /// What was there at some moment.
  private record Level(long parts, long atNs) {

    /// Never goes back in time: of two threads, the one that read the clock first may come last.
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

  /// A full one.
  SharedBucket(int perSecond, long nowNs) {
    this.level = new AtomicReference<>(new Level(perSecond * PARTS_PER_TOKEN, nowNs));
  }

  /// Takes so many tokens at once and returns [#TAKEN], or takes none and returns how many there
  /// are.
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

  /// Puts back what was taken for nothing.
  void giveBack(int tokens) {
    level.updateAndGet(seen -> seen.plus(tokens));
  }
}
