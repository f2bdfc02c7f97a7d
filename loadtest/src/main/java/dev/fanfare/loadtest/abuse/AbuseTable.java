package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.report.Figure;
import dev.fanfare.loadtest.report.RunResult;
import dev.fanfare.loadtest.report.TextTable;
import dev.fanfare.loadtest.report.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/// All attacks of an examination as one table, one row each.
public record AbuseTable(List<RunResult> results) {

  private static final String NONE = "-";
  private static final String LEGEND =
      "Triples are before / during / after the attack; for memory and files: before / peak /"
          + " after. Latencies are p99.\n";

  public AbuseTable {
    results = List.copyOf(results);
  }

  /// For a terminal.
  public String plain() {
    return table().plain() + "\n" + LEGEND + details("");
  }

  public String markdown() {
    return table().markdown() + "\n" + LEGEND + details("- ");
  }

  private TextTable table() {
    TextTable table =
        new TextTable()
            .row(
                List.of(
                    "attack",
                    "sockets made",
                    "sent",
                    "refused",
                    "delivery ms",
                    "publish ms",
                    "ping ms",
                    "health ms",
                    "own delay ms",
                    "ratio",
                    "RSS MB",
                    "heap MB",
                    "held MB",
                    "files",
                    "lost",
                    "passed"));
    results.forEach(result -> table.row(cells(result)));
    return table;
  }

  private static List<String> cells(RunResult result) {
    List<String> cells = new ArrayList<>(List.of(result.title()));
    for (String key : List.of("attack_connections", "attack_messages", "attack_refused")) {
      cells.add(text(result, key, Unit.COUNT));
    }
    for (String kind : List.of("delivery", "publish", "ping", "health", "own_delay")) {
      cells.add(triple(result, Unit.LATENCY, kind + "_%s_p99_us", "before", "during", "after"));
    }
    cells.add(ratio(result));
    cells.add(triple(result, Unit.PROCESS_BYTES, "rss_%s", "before", "peak", "after"));
    cells.add(triple(result, Unit.PROCESS_BYTES, "heap_%s", "before", "peak", "after"));
    cells.add(triple(result, Unit.PROCESS_BYTES, "held_%s", "before", "peak", "after"));
    cells.add(triple(result, Unit.COUNT, "files_%s", "before", "peak", "after"));
    cells.add(text(result, "lost", Unit.COUNT));
    cells.add(result.failed() ? "NO" : "yes");
    return cells;
  }

  private static String triple(RunResult result, Unit unit, String key, String... phases) {
    List<String> parts = new ArrayList<>();
    for (String phase : phases) {
      parts.add(text(result, key.formatted(phase), unit));
    }
    return String.join(" / ", parts);
  }

  private static String text(RunResult result, String key, Unit unit) {
    OptionalDouble value = result.value(key);
    return value.isEmpty() ? NONE : Figure.text(value.getAsDouble(), unit).replaceFirst(" .*", "");
  }

  /// The bystanders' p99 during the attack to that before.
  private static String ratio(RunResult result) {
    double before = result.value("bystanders_before_p99_us").orElse(0);
    double during = result.value("bystanders_during_p99_us").orElse(0);
    return before <= 0 ? NONE : String.format(Locale.ROOT, "%.1f", during / before);
  }

  private String details(String bullet) {
    StringBuilder text = new StringBuilder();
    for (RunResult result : results) {
      text.append('\n').append(bullet).append(result.title()).append(": ");
      text.append(result.settings().getOrDefault("attack", ""));
      String answers = result.settings().getOrDefault("answers", "");
      if (!answers.isEmpty()) {
        text.append("; ").append(answers);
      }
      for (String failure : result.failures()) {
        text.append('\n').append(bullet.isEmpty() ? "  " : "  - ").append("FAILED: ");
        text.append(failure);
      }
    }
    return text.append('\n').toString();
  }
}
