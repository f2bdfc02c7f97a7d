package dev.fanfare.doctor.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The results of all steps.
///
/// @param proxy the proxy in front; null if none was recognized
/// @param activitySeconds the server's `activity_timeout`; 0 if unknown
public record Report(String url, List<Line> lines, @Nullable ProxyKind proxy, int activitySeconds) {

  /// One step.
  ///
  /// @param ms how long it took, milliseconds
  public record Line(Step step, Outcome outcome, long ms) {}

  public Report {
    lines = List.copyOf(lines);
  }

  public boolean isGood() {
    return lines.stream().noneMatch(line -> line.outcome() instanceof Outcome.Failed);
  }

  /// True if a step failed and a proxy's configuration is the likely cause.
  public boolean blamesProxy() {
    return lines.stream()
        .anyMatch(line -> line.outcome() instanceof Outcome.Failed failed && failed.byProxy());
  }

  /// The result of a step.
  public Outcome outcome(Step step) {
    return lines.stream()
        .filter(line -> line.step() == step)
        .findFirst()
        .map(Line::outcome)
        .orElseThrow();
  }
}
