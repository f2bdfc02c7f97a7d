package dev.fanfare.loadtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Columns of text for a terminal or for Markdown. The first column is aligned left, the others
/// right.
public final class TextTable {

  private final List<List<String>> rows = new ArrayList<>();

  /// Adds a row; the first is the heading.
  public TextTable row(List<String> cells) {
    rows.add(List.copyOf(cells));
    return this;
  }

  /// The table of one run.
  public static String of(RunResult result) {
    TextTable table = new TextTable();
    for (Figure figure : result.figures()) {
      table.row(List.of(figure.title(), figure.text()));
    }
    StringBuilder text = new StringBuilder();
    text.append(result.title()).append(" on ").append(result.server()).append("\n\n");
    text.append(table.plain());
    result.remarks().forEach(remark -> text.append("\nNote: ").append(remark));
    result.failures().forEach(failure -> text.append("\nFAILED: ").append(failure));
    return text.append('\n').toString();
  }

  /// Aligned columns, separated by two spaces.
  public String plain() {
    return lines("  ", "  ", "");
  }

  /// A Markdown table.
  public String markdown() {
    int[] widths = widths();
    StringBuilder rule = new StringBuilder("|");
    for (int i = 0; i < widths.length; i++) {
      rule.append(i == 0 ? "-" : " ").append("-".repeat(widths[i])).append(i == 0 ? "-|" : ":|");
    }
    String[] all = lines("| ", " | ", " |").split("\n", 2);
    return all[0] + "\n" + rule + "\n" + (all.length > 1 ? all[1] : "");
  }

  private String lines(String before, String between, String after) {
    int[] widths = widths();
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      text.append(before);
      for (int i = 0; i < row.size(); i++) {
        String blanks = " ".repeat(widths[i] - row.get(i).length());
        text.append(i == 0 ? row.get(i) + blanks : between + blanks + row.get(i));
      }
      text.append(after).append('\n');
    }
    return text.toString();
  }

  private int[] widths() {
    int[] widths = new int[rows.stream().mapToInt(List::size).max().orElse(0)];
    Arrays.fill(widths, 1);
    for (List<String> row : rows) {
      for (int i = 0; i < row.size(); i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    return widths;
  }
}
