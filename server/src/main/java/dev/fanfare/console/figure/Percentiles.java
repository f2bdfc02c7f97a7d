package dev.fanfare.console.figure;

import dev.fanfare.observe.Latency;
import java.util.concurrent.TimeUnit;

/// How long the events of one second took, estimated from the counts of a histogram.
final class Percentiles {

  /// There were no events.
  static final int NONE = -1;

  private static final double SECOND_US = TimeUnit.SECONDS.toMicros(1);

  private Percentiles() {}

  /// The duration that a part of the events did not exceed, microseconds: within its bucket, events
  /// are taken to be spread evenly. One beyond the last bound is given as that bound.
  ///
  /// @param counts events in each bucket of [Latency]
  /// @param part from 0 to 1
  static int of(long[] counts, double part) {
    long all = 0;
    for (long count : counts) {
      all += count;
    }
    if (all == 0) {
      return NONE;
    }
    double rank = Math.max(1, part * all);
    double below = 0;
    long before = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      double bound = Latency.boundSeconds(bucket) * SECOND_US;
      if (before + counts[bucket] >= rank) {
        double share = (rank - before) / counts[bucket];
        return (int) Math.round(Double.isInfinite(bound) ? below : below + share * (bound - below));
      }
      before += counts[bucket];
      below = bound;
    }
    return (int) Math.round(below);
  }
}
