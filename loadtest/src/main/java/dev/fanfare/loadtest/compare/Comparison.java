package dev.fanfare.loadtest.compare;

import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.GoalResult;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Medians of all rows and servers, compared with each other and with goals.
///
/// @param lines one per row; the servers of each in the order of the command line
/// @param judged the server that goals apply to
/// @param baseline the server that others are compared with
public record Comparison(List<Line> lines, String judged, String baseline) {

  public Comparison {
    lines = List.copyOf(lines);
  }

  /// One row's results.
  ///
  /// @param medians one per server
  /// @param rounds all runs behind them
  public record Line(Row row, List<RunResult> medians, List<RunResult> rounds) {
    public Line {
      medians = List.copyOf(medians);
      rounds = List.copyOf(rounds);
    }

    RunResult of(String server) {
      return medians.stream()
          .filter(median -> median.server().equals(server))
          .findFirst()
          .orElse(medians.getFirst());
    }
  }

  /// Medians first, those of the judged server with its goals, then all rounds.
  public List<RunResult> results() {
    List<RunResult> all = new ArrayList<>();
    for (Line line : lines) {
      for (RunResult median : line.medians) {
        boolean isJudged = median.server().equals(judged);
        all.add(isJudged ? median.withGoalResults(goalResults(line)) : median);
      }
    }
    lines.forEach(line -> all.addAll(line.rounds));
    return all;
  }

  /// True if a run failed; a missed goal is not a failure.
  public boolean failed() {
    return lines.stream().flatMap(line -> line.medians.stream()).anyMatch(RunResult::failed);
  }

  /// The table for people, in Markdown.
  public String markdown() {
    TextTable table = new TextTable().row(heading());
    lines.forEach(line -> table.row(cells(line)));
    StringBuilder text = new StringBuilder(table.markdown());
    for (Line line : lines) {
      for (RunResult median : line.medians) {
        String who = "\n- " + median.server() + ", " + median.title() + ": ";
        median.failures().forEach(failure -> text.append(who).append("FAILED: ").append(failure));
        median.remarks().forEach(remark -> text.append(who).append(remark));
      }
    }
    return text.append('\n').toString();
  }

  /// The goals of a line, in order.
  private List<GoalResult> goalResults(Line line) {
    RunResult subject = line.of(judged);
    RunResult base = line.of(baseline);
    return line.row.goals().stream().map(goal -> goal.judge(subject, base)).toList();
  }

  private List<String> heading() {
    List<String> cells = new ArrayList<>(List.of("load"));
    lines.getFirst().medians.forEach(median -> cells.add(median.server()));
    if (!judged.equals(baseline)) {
      cells.add(judged + " to " + baseline);
    }
    if (hasGoals()) {
      cells.add("goal for " + judged);
      cells.add("met");
    }
    return cells;
  }

  private List<String> cells(Line line) {
    List<String> cells = new ArrayList<>(List.of(line.medians.getFirst().title()));
    line.medians.forEach(median -> cells.add(figures(line.row, median)));
    RunResult subject = line.of(judged);
    RunResult base = line.of(baseline);
    if (!judged.equals(baseline)) {
      cells.add(ratio(subject, base, line.row.keys().getFirst()));
    }
    if (hasGoals()) {
      List<Goal> goals = line.row.goals();
      cells.add(String.join(", ", goals.stream().map(goal -> goal.text(subject)).toList()));
      List<GoalResult> goalResults = goalResults(line);
      cells.add(
          String.join(", ", goalResults.stream().map(one -> one.met() ? "yes" : "NO").toList()));
    }
    return cells;
  }

  private boolean hasGoals() {
    return lines.stream().anyMatch(line -> !line.row.goals().isEmpty());
  }

  private static String figures(Row row, RunResult result) {
    List<String> texts = new ArrayList<>();
    List<String> keys = new ArrayList<>(row.keys());
    keys.add(Row.JIT);
    for (String key : keys) {
      for (Figure figure : result.figures()) {
        if (figure.key().equals(key)) {
          texts.add(Row.prefix(key) + figure.text());
        }
      }
    }
    return String.join(", ", texts) + (result.failed() ? " (failed)" : "");
  }

  /// The ratio of the main figure, a cost: `1/35` is thirty-five times less.
  private static String ratio(RunResult subject, RunResult base, String key) {
    double one = subject.value(key).orElse(0);
    double other = base.value(key).orElse(0);
    if (one <= 0 || other <= 0) {
      return "–";
    }
    return one <= other
        ? String.format(Locale.ROOT, "1/%.1f", other / one)
        : String.format(Locale.ROOT, "%.2f", one / other);
  }
}
