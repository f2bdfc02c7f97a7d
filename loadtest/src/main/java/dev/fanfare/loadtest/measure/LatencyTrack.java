package dev.fanfare.loadtest.measure;

import org.HdrHistogram.Histogram;

/// Latencies of one kind, of the current interval and of all measured intervals. Confined to one
/// thread.
public final class LatencyTrack {

  private static final long RESOLUTION_NS = 100;
  private static final long MAX_NS = 120_000_000_000L;
  private static final int DIGITS = 3;

  private final String name;
  private final Histogram interval = new Histogram(RESOLUTION_NS, MAX_NS, DIGITS);
  private final Histogram total = new Histogram(RESOLUTION_NS, MAX_NS, DIGITS);

  public LatencyTrack(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public void record(long latencyNs) {
    interval.recordValue(Math.min(Math.max(latencyNs, 0), MAX_NS));
  }

  /// Discards everything: the measured time begins.
  public void restart() {
    interval.reset();
    total.reset();
  }

  /// Closes the current interval and starts the next; an empty one has zeros.
  public Interval closeInterval() {
    Interval closed =
        new Interval(
            interval.getTotalCount(),
            interval.getValueAtPercentile(50),
            interval.getValueAtPercentile(99));
    total.add(interval);
    interval.reset();
    return closed;
  }

  /// The 99th percentile of all closed intervals since the last restart, nanoseconds.
  public long p99Ns() {
    return total.getValueAtPercentile(99);
  }

  /// Everything since the last restart, including the current interval.
  public Latency total() {
    closeInterval();
    return Latency.of(name, total);
  }

  /// The values of one interval.
  ///
  /// @param count recorded values
  /// @param p50Ns median
  /// @param p99Ns 99th percentile
  public record Interval(long count, long p50Ns, long p99Ns) {}
}
