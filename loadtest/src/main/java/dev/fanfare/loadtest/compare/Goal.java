package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.GoalResult;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.Unit;
import java.util.Locale;
import java.util.OptionalDouble;

/// A goal for one server in one row.
///
/// @param key the figure
/// @param bound in the figure's unit; a factor for [Kind#TIMES_LESS]
public record Goal(String key, Kind kind, double bound) {

  /// How a figure is compared with the bound.
  public enum Kind {
    AT_MOST,
    AT_LEAST,
    /// This many times less than the baseline in the same row.
    TIMES_LESS
  }

  static Goal atMost(String key, double bound) {
    return new Goal(key, Kind.AT_MOST, bound);
  }

  static Goal atLeast(String key, double bound) {
    return new Goal(key, Kind.AT_LEAST, bound);
  }

  static Goal timesLess(String key, double factor) {
    return new Goal(key, Kind.TIMES_LESS, factor);
  }

  /// Compares a result with this goal.
  GoalResult judge(RunResult result, RunResult baseline) {
    return new GoalResult(key, bound(result), met(result, baseline));
  }

  /// True if the result meets it; false also if the figure is unknown.
  boolean met(RunResult result, RunResult baseline) {
    OptionalDouble value = result.value(key);
    if (value.isEmpty()) {
      return false;
    }
    return switch (kind) {
      case AT_MOST -> value.getAsDouble() <= bound;
      case AT_LEAST -> value.getAsDouble() >= bound;
      case TIMES_LESS -> value.getAsDouble() * bound <= baseline.value(key).orElse(0);
    };
  }

  /// Such as `p99 <= 12 ms`.
  String text(RunResult result) {
    return kind == Kind.TIMES_LESS ? bound(result) : Row.prefix(key) + bound(result);
  }

  /// Such as `<= 0.25 µs`.
  private String bound(RunResult result) {
    Unit unit =
        result.figures().stream()
            .filter(figure -> figure.key().equals(key))
            .map(Figure::unit)
            .findFirst()
            .orElse(Unit.COUNT);
    return switch (kind) {
      case AT_MOST -> "<= " + Figure.text(bound, unit);
      case AT_LEAST -> ">= " + Figure.text(bound, unit);
      case TIMES_LESS -> String.format(Locale.ROOT, "%.0f times less", bound);
    };
  }
}
