package dev.fanfare.loadtest.measure;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/// A distribution of times, in microseconds.
///
/// @param name what was measured
/// @param count number of measurements
/// @param points the quantiles from 0 to 1
public record Latency(String name, long count, double meanUs, List<Point> points) {

  private static final double[] QUANTILES = {
    0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999, 1
  };
  private static final double NS_PER_US = 1_000;

  public Latency {
    points = List.copyOf(points);
  }

  static Latency of(String name, Histogram nanoseconds) {
    List<Point> points = new ArrayList<>();
    for (double quantile : QUANTILES) {
      long ns = nanoseconds.getValueAtPercentile(quantile * 100);
      points.add(new Point(quantile, ns / NS_PER_US));
    }
    return new Latency(
        name, nanoseconds.getTotalCount(), nanoseconds.getMean() / NS_PER_US, points);
  }

  /// The value that this share of all times does not exceed; one of the listed quantiles.
  public double at(double quantile) {
    for (Point point : points) {
      if (point.quantile >= quantile) {
        return point.us;
      }
    }
    throw new IllegalArgumentException("a quantile must be at most 1, but is " + quantile);
  }

  /// One point of the distribution; quantile 0 is the minimum, 1 the maximum.
  public record Point(double quantile, double us) {}
}
