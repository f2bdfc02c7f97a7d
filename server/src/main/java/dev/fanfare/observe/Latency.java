package dev.fanfare.observe;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;

/// A histogram of durations. Written by one thread, read by any; counts never decrease.
public final class Latency {

  /// The upper bounds of all buckets except the last, which has none; microseconds.
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

  /// The number of buckets.
  public static final int BUCKETS = BOUNDS_US.length + 1;

  /// The buckets, followed by the sum in nanoseconds.
  private final AtomicLongArray counts = new AtomicLongArray(BUCKETS + 1);

  /// The upper bound of a bucket, seconds; infinite for the last one.
  public static double boundSeconds(int bucket) {
    return bucket < BOUNDS_US.length
        ? BOUNDS_US[bucket] / (double) TimeUnit.SECONDS.toMicros(1)
        : Double.POSITIVE_INFINITY;
  }

  /// Counts one duration, nanoseconds. The owning thread only.
  public void record(long ns) {
    int bucket = 0;
    while (bucket < BOUNDS_US.length && ns > BOUNDS_US[bucket] * 1_000) {
      bucket++;
    }
    add(bucket, 1);
    add(BUCKETS, Math.max(0, ns));
  }

  /// The number of durations in a bucket; any thread.
  public long count(int bucket) {
    return counts.getOpaque(bucket);
  }

  /// The sum of all durations, nanoseconds; any thread.
  public long sumNs() {
    return counts.getOpaque(BUCKETS);
  }

  private void add(int at, long more) {
    counts.setOpaque(at, counts.getPlain(at) + more);
  }
}
