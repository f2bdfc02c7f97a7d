package dev.fanfare.doctor.report;

import java.util.List;
import java.util.Locale;

/// A report as text.
///
/// @param symbols true for non-ASCII marks
/// @param colours true for a terminal with colours
public record ReportText(boolean symbols, boolean colours) {

  private static final String INDENT = " ".repeat(25);
  private static final int WIDTH = 100;

  /// One line per step, with the remedy below those that have one, and the totals.
  public String of(Report report) {
    return of(
        report.url(),
        report.lines().stream()
            .map(line -> new EngineReport.Line(line.step().title(), line.outcome(), line.ms()))
            .toList());
  }

  /// The same for an engine.
  public String of(EngineReport report) {
    return of(report.address(), report.lines());
  }

  private String of(String address, List<EngineReport.Line> lines) {
    StringBuilder out = new StringBuilder("Examining ").append(address).append("\n\n");
    appendAll(out, lines);
    long failed = count(lines, Outcome.Failed.class);
    long warned = count(lines, Outcome.Warned.class);
    String sum =
        count(lines, Outcome.Passed.class)
            + " passed, "
            + warned
            + " warned, "
            + failed
            + " failed, "
            + count(lines, Outcome.Skipped.class)
            + " skipped";
    return out.append('\n').append(sum).append(".\n").toString();
  }

  /// Adjacent steps that were skipped for the same reason share a line.
  private void appendAll(StringBuilder out, List<EngineReport.Line> lines) {
    int at = 0;
    while (at < lines.size()) {
      EngineReport.Line line = lines.get(at);
      int end = at + 1;
      while (end < lines.size() && lines.get(end).outcome().equals(line.outcome())) {
        end++;
      }
      String title = end - at == 1 ? line.title() : end - at + " more steps";
      append(out, title, line);
      at = end;
    }
  }

  private static long count(List<EngineReport.Line> lines, Class<? extends Outcome> kind) {
    return lines.stream().filter(line -> kind.isInstance(line.outcome())).count();
  }

  private void append(StringBuilder out, String title, EngineReport.Line line) {
    Outcome outcome = line.outcome();
    String time = line.ms() < 1 ? "" : " (" + line.ms() + " ms)";
    out.append("  ").append(mark(outcome));
    out.append(String.format(Locale.ROOT, " %-17s ", title));
    wrap(out, outcome.finding() + time);
    switch (outcome) {
      case Outcome.Failed failed -> remedy(out, failed.remedy());
      case Outcome.Warned warned -> remedy(out, warned.remedy());
      case Outcome.Passed _, Outcome.Skipped _ -> {}
    }
  }

  private static void remedy(StringBuilder out, String text) {
    out.append(INDENT);
    wrap(out, "-> " + text);
  }

  /// Breaks lines at spaces; continuation lines are indented.
  private static void wrap(StringBuilder out, String text) {
    int column = INDENT.length();
    String gap = "";
    for (String word : text.split(" ", -1)) {
      if (column + gap.length() + word.length() > WIDTH && !gap.isEmpty()) {
        out.append('\n').append(INDENT);
        column = INDENT.length();
        gap = "";
      }
      out.append(gap).append(word);
      column += gap.length() + word.length();
      gap = " ";
    }
    out.append('\n');
  }

  private String mark(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Passed _ -> mark("ok  ", "✓   ", 32);
      case Outcome.Warned _ -> mark("warn", "!   ", 33);
      case Outcome.Failed _ -> mark("FAIL", "✗   ", 31);
      case Outcome.Skipped _ -> mark("-   ", "–   ", 2);
    };
  }

  private String mark(String ascii, String symbol, int colour) {
    String text = symbols ? symbol : ascii;
    return colours ? "\u001b[" + colour + "m" + text + "\u001b[0m" : text;
  }
}
