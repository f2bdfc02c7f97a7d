package dev.fanfare.doctor.report;

import java.util.List;
import java.util.stream.Stream;

/// The results of all steps of an examination of the engine.
///
/// @param address of the engine, without user or password
public record EngineReport(String address, List<Line> lines) {

  /// One step.
  ///
  /// @param ms how long it took, milliseconds
  public record Line(String title, Outcome outcome, long ms) {}

  public EngineReport {
    lines = List.copyOf(lines);
  }

  /// This report with more lines.
  public EngineReport and(List<Line> more) {
    return new EngineReport(address, Stream.concat(lines.stream(), more.stream()).toList());
  }

  public boolean isGood() {
    return lines.stream().noneMatch(line -> line.outcome() instanceof Outcome.Failed);
  }
}
