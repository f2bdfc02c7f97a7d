package dev.fanfare.loadtest.report;

import dev.fanfare.loadtest.measure.Latency;
import java.util.ArrayList;
import java.util.List;

/// Collects the results of a run, in display order. Confined to one thread.
public final class Findings {

  private final List<Figure> figures = new ArrayList<>();
  private final List<Latency> latencies = new ArrayList<>();
  private final List<TimePoint> timeline = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();

  public Findings figure(String key, String title, double value, Unit unit) {
    figures.add(new Figure(key, title, value, unit));
    return this;
  }

  /// Adds a distribution, and its common quantiles as figures.
  public Findings latency(Latency latency) {
    if (latency.count() == 0) {
      return this;
    }
    latencies.add(latency);
    String key = latency.name().replace(' ', '_');
    figure(key + "_p50_us", latency.name() + " p50", latency.at(0.5), Unit.LATENCY);
    figure(key + "_p99_us", latency.name() + " p99", latency.at(0.99), Unit.LATENCY);
    figure(key + "_p999_us", latency.name() + " p99.9", latency.at(0.999), Unit.LATENCY);
    return figure(key + "_max_us", latency.name() + " max", latency.at(1), Unit.LATENCY);
  }

  public void point(TimePoint point) {
    timeline.add(point);
  }

  public void remark(String sentence) {
    remarks.add(sentence);
  }

  public void failure(String sentence) {
    failures.add(sentence);
  }

  /// Adds a figure, and a failure unless it is zero.
  public Findings mustBeZero(String key, String title, long value) {
    if (value != 0) {
      failure(Figure.number((double) value) + " " + title + ".");
    }
    return figure(key, title, (double) value, Unit.COUNT);
  }

  public List<Figure> figures() {
    return figures;
  }

  public List<Latency> latencies() {
    return latencies;
  }

  public List<TimePoint> timeline() {
    return timeline;
  }

  public List<String> remarks() {
    return remarks;
  }

  public List<String> failures() {
    return failures;
  }
}
