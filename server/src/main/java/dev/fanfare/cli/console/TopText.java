package dev.fanfare.cli.console;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// What a node does, as lines of one screen.
///
/// @param rows has the screen and the time zone
public record TopText(RowText rows) {

  private static final int RED = 31;
  private static final int YELLOW = 33;

  /// How channels are sorted.
  public enum Order {
    PUBLISHES("publishes"),
    SUBSCRIBERS("subscribers"),
    NAME("name");

    private final String text;

    Order(String text) {
      this.text = text;
    }

    /// The one that a key changes to.
    public Order next() {
      return switch (this) {
        case PUBLISHES -> SUBSCRIBERS;
        case SUBSCRIBERS -> NAME;
        case NAME -> PUBLISHES;
      };
    }
  }

  /// A channel with subscribers, or that is published to.
  private record Line(String name, double perSecond, int subscribers) {}

  /// The lines, channels last.
  ///
  /// @param app that channels are of
  /// @param overview of the node
  /// @param channels of the app
  public List<String> lines(String app, JsonNode overview, List<JsonNode> channels, Order order) {
    List<String> lines = new ArrayList<>();
    head(lines, overview);
    lanes(lines, overview.path("lanes"));
    slow(lines, overview.path("slow"));
    failures(lines, overview.path("failed_webhooks"));
    lines.add("");
    lines.add(row("CHANNEL, by " + order.text, "PUBLISHES/S", "SUBSCRIBERS"));
    for (Line each : sorted(app, overview, channels, order)) {
      String rate = String.format(Locale.ROOT, "%.1f", each.perSecond);
      lines.add(row(Printable.of(each.name), rate, String.valueOf(each.subscribers)));
    }
    return lines;
  }

  private void head(List<String> lines, JsonNode overview) {
    boolean isReady = overview.path("ready").asBoolean();
    String node = RowText.text(overview, "node");
    String title =
        "Fanfare " + RowText.text(overview, "version") + (node.isEmpty() ? "" : "  node " + node);
    if (isReady) {
      lines.add(fit(title + "  ready"));
    } else {
      List<String> reasons = new ArrayList<>();
      overview.path("reasons").forEach(reason -> reasons.add(Printable.of(reason.asString(""))));
      String line = fit(title + "  not ready: " + String.join("; ", reasons));
      lines.add(rows.screen().colored(RED, line));
    }
    StringBuilder figures = new StringBuilder();
    figure(figures, overview, "connections", "connections");
    figure(figures, overview, "channels", "channels");
    figure(figures, overview, "publishes_s", "publishes/s");
    figure(figures, overview, "deliveries_s", "deliveries/s");
    JsonNode latency = overview.path("latency_us");
    if (latency.has("p50")) {
      figures.append("  p50 ").append(millis(latency.path("p50").asLong()));
      figures.append("  p99 ").append(millis(latency.path("p99").asLong()));
    }
    figure(figures, overview, "refusals_min", "refusals/min");
    lines.add(fit(figures.substring(2)));
  }

  private static void figure(StringBuilder line, JsonNode overview, String name, String label) {
    if (overview.has(name)) {
      line.append("  ").append(label).append(' ').append(overview.path(name).asLong());
    }
  }

  private static String millis(long us) {
    return String.format(Locale.ROOT, "%.1f ms", us / 1e3);
  }

  private void lanes(List<String> lines, JsonNode lanes) {
    lines.add("");
    lines.add(row("LANE", "WAITING", "LAG"));
    int number = 1;
    for (JsonNode lane : lanes) {
      String waiting = String.valueOf(lane.path("waiting").asLong());
      lines.add(row(String.valueOf(number++), waiting, millis(lane.path("lag_us").asLong())));
    }
  }

  private void slow(List<String> lines, JsonNode slow) {
    if (!slow.isEmpty()) {
      lines.add("");
      lines.add(row("SLOW READER", "WAITING", ""));
      for (JsonNode each : slow) {
        String kilobytes = each.path("pending_bytes").asLong() / 1_000 + " kB";
        String behind = each.path("behind").asBoolean() ? "behind" : "";
        lines.add(
            rows.screen().colored(YELLOW, row(RowText.text(each, "socket_id"), kilobytes, behind)));
      }
    }
  }

  private void failures(List<String> lines, JsonNode failures) {
    if (!failures.isEmpty()) {
      lines.add("");
      lines.add("FAILED WEBHOOK");
      for (JsonNode each : failures) {
        String time = rows.time(each.path("t").asLong());
        String what = RowText.text(each, "endpoint") + "  " + RowText.text(each, "text");
        lines.add(rows.screen().colored(YELLOW, fit(time + "  " + what)));
      }
    }
  }

  private static List<Line> sorted(
      String app, JsonNode overview, List<JsonNode> channels, Order order) {
    Map<String, Line> byName = new HashMap<>();
    for (JsonNode each : channels) {
      String name = each.path("name").asString("");
      byName.put(name, new Line(name, 0, each.path("subscribers").asInt()));
    }
    for (JsonNode each : overview.path("busiest")) {
      if (app.equals(each.path("app").asString(""))) {
        String name = each.path("channel").asString("");
        double perSecond = each.path("publishes_s").asDouble();
        byName.put(name, new Line(name, perSecond, each.path("subscribers").asInt()));
      }
    }
    Comparator<Line> byOrder =
        switch (order) {
          case PUBLISHES ->
              Comparator.comparingDouble(Line::perSecond)
                  .thenComparingInt(Line::subscribers)
                  .reversed();
          case SUBSCRIBERS -> Comparator.comparingInt(Line::subscribers).reversed();
          case NAME -> Comparator.comparing(Line::name);
        };
    return byName.values().stream().sorted(byOrder.thenComparing(Line::name)).toList();
  }

  private String row(String name, String one, String two) {
    return fit(String.format(Locale.ROOT, "%-40s %12s %12s", name, one, two).stripTrailing());
  }

  private String fit(String line) {
    return rows.screen().fit(line);
  }
}
