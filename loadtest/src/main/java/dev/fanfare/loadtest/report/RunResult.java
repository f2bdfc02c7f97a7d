package dev.fanfare.loadtest.report;

import dev.fanfare.loadtest.measure.Latency;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// The result of one run.
///
/// @param scenario its name, such as `fanout`
/// @param title the load, as text; runs with the same title are compared with each other
/// @param server the name of the server under load
/// @param startedAt ISO 8601, UTC
/// @param settings the options needed to repeat it
/// @param remarks warnings about the figures
/// @param failures why the run failed; empty if it passed
/// @param goalResults goals, met or missed; may be empty
@RecordBuilder
public record RunResult(
    String scenario,
    String title,
    String server,
    String startedAt,
    Map<String, String> settings,
    List<Figure> figures,
    List<Latency> latencies,
    List<TimePoint> timeline,
    List<String> remarks,
    List<String> failures,
    List<GoalResult> goalResults)
    implements RunResultBuilder.With {

  public RunResult {
    figures = List.copyOf(figures);
    latencies = List.copyOf(latencies);
    timeline = List.copyOf(timeline);
    remarks = List.copyOf(remarks);
    failures = List.copyOf(failures);
    goalResults = List.copyOf(goalResults);
  }

  public boolean failed() {
    return !failures.isEmpty();
  }

  /// The value of the figure with this key.
  public OptionalDouble value(String key) {
    return figures.stream().filter(f -> f.key().equals(key)).mapToDouble(Figure::value).findFirst();
  }
}
