package dev.fanfare.loadtest.report;

import dev.fanfare.loadtest.measure.Latency;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What one run found.
///
/// @param scenario its name, such as `fanout`
/// @param title what was done, in words; runs with the same title are compared with each other
/// @param server the name of the server under load
/// @param startedAt ISO 8601, UTC
/// @param settings the options that matter for repeating it
/// @param remarks what a reader should know before he believes the figures
/// @param failures why the run must not count as good; empty if it may
/// @param judgements goals reached and missed; empty if there were none
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
    List<Judgement> judgements)
    implements RunResultBuilder.With {

  public RunResult {
    figures = List.copyOf(figures);
    latencies = List.copyOf(latencies);
    timeline = List.copyOf(timeline);
    remarks = List.copyOf(remarks);
    failures = List.copyOf(failures);
    judgements = List.copyOf(judgements);
  }

  public boolean failed() {
    return !failures.isEmpty();
  }

  /// The value of the figure with this key.
  public OptionalDouble value(String key) {
    return figures.stream().filter(f -> f.key().equals(key)).mapToDouble(Figure::value).findFirst();
  }
}
