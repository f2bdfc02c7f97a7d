package dev.fanfare.doctor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything that was found.
///
/// @param proxy the proxy in front, if it can be told
/// @param activitySeconds what the server tells clients of silence; 0 if it told nothing
public record Report(String url, List<Line> lines, @Nullable ProxyKind proxy, int activitySeconds) {

  /// One step.
  ///
  /// @param ms how long it took
  public record Line(Step step, Outcome outcome, long ms) {}

  public Report {
    lines = List.copyOf(lines);
  }

  public boolean isGood() {
    return lines.stream().noneMatch(line -> line.outcome() instanceof Outcome.Failed);
  }

  /// True if something failed that a proxy's configuration is likely to be the cause of.
  public boolean blamesProxy() {
    return lines.stream()
        .anyMatch(line -> line.outcome() instanceof Outcome.Failed failed && failed.byProxy());
  }

  /// How a step ended.
  public Outcome outcome(Step step) {
    return lines.stream()
        .filter(line -> line.step() == step)
        .findFirst()
        .map(Line::outcome)
        .orElseThrow();
  }
}
