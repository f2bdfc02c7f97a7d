package dev.fanfare.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long something took, in buckets. Counted by one thread only, read by anyone; no count ever
/// goes back.
public final class Latency {

  /// The upper bounds of all buckets but the last, which has none; microseconds.
  private static final long[] BOUNDS_US = {
    100,
    250,
    500,
    1_000,
    2_500,
    5_000,
    10_000,
    25_000,
    50_000,
    100_000,
    250_000,
    500_000,
    1_000_000,
    2_500_000,
    5_000_000,
    10_000_000
  };

  /// How many buckets there are.
  public static final int BUCKETS = BOUNDS_US.length + 1;

  /// The buckets, and behind them the sum in nanoseconds.
  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

  /// The highest duration of a bucket, seconds; the last one's is infinite.
  public static double boundSeconds(int bucket) {
    return bucket < BOUNDS_US.length
        ? BOUNDS_US[bucket] / (double) TimeUnit.SECONDS.toMicros(1)
        : Double.POSITIVE_INFINITY;
  }

  /// Counts one duration. The owning thread only.
  public void record(long ns) {
    int bucket = 0;
    while (bucket < BOUNDS_US.length && ns > BOUNDS_US[bucket] * 1_000) {
      bucket++;
    }
    add(bucket, 1);
    add(BUCKETS, Math.max(0, ns));
  }

  /// How many durations fell into a bucket; any thread.
  public long count(int bucket) {
    return counts.getOpaque(bucket);
  }

  /// All durations together, nanoseconds; any thread.
  public long sumNs() {
    return counts.getOpaque(BUCKETS);
  }

  private void add(int at, long more) {
    counts.setOpaque(at, counts.getPlain(at) + more);
  }
}
