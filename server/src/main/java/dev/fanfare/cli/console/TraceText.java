package dev.fanfare.cli.console;

import java.util.Locale;
import tools.jackson.databind.JsonNode;

/// A trace, and the ten steps of one, as lines.
///
/// @param rows has the screen and the time zone
public record TraceText(RowText rows) {

  private static final int RED = 31;
  private static final int GREEN = 32;

  /// True if connections were subscribed to its channel, on any node.
  public static boolean hasSubscribers(JsonNode trace) {
    return trace.path("subscribers").asInt() > 0
        || trace
            .path("nodes")
            .valueStream()
            .anyMatch(node -> node.at("/answer/subscribers").asInt(0) > 0);
  }

  /// What was published, and what became of it.
  public String summary(JsonNode trace) {
    StringBuilder text = new StringBuilder(title(trace)).append('\n');
    if (trace.has("status")) {
      return text.toString();
    }
    int subscribers = trace.path("subscribers").asInt();
    if (subscribers == 0) {
      JsonNode similar = trace.path("similar");
      text.append("  no subscribers on this node");
      if (similar.isObject() && !hasSubscribers(trace)) {
        text.append("; ")
            .append(similar.path("subscribers").asInt())
            .append(" in ")
            .append(RowText.text(similar, "name"))
            .append(": is the name spelled differently?");
      }
      text.append('\n');
    } else {
      numbers(text.append("  "), trace);
    }
    for (JsonNode node : trace.path("nodes")) {
      text.append("  on ").append(RowText.text(node, "node")).append(':');
      if (node.path("silent").asBoolean(false)) {
        text.append(" no answer\n");
      } else if (node.at("/answer/arrived").asBoolean(false)) {
        numbers(text.append(' '), node.path("answer"));
      } else {
        text.append(" it did not arrive\n");
      }
    }
    return text.toString();
  }

  private static void numbers(StringBuilder text, JsonNode trace) {
    text.append("subscribers ").append(trace.path("subscribers").asInt());
    for (String name : new String[] {"matched", "reached", "excluded", "behind", "closing"}) {
      if (trace.has(name)) {
        text.append(", ").append(name).append(' ').append(trace.path(name).asInt());
      }
    }
    if (trace.has("delivered_us")) {
      double ms = trace.path("delivered_us").asLong() / 1e3;
      text.append(String.format(Locale.ROOT, ", in %.1f ms", ms));
    }
    text.append('\n');
  }

  /// The ten steps, and the cause.
  public String chain(JsonNode chain) {
    StringBuilder text = new StringBuilder(title(chain.path("trace")));
    text.append(", to connection ").append(RowText.text(chain, "to"));
    String node = RowText.text(chain, "node");
    text.append(node.isEmpty() ? "" : " on " + node).append('\n');
    boolean isMissing = false;
    for (JsonNode step : chain.path("steps")) {
      String made = step.path("made").asString("");
      isMissing |= made.equals("no");
      String line =
          String.format(
              Locale.ROOT,
              "  %-3s %2d %-16s  %s",
              switch (made) {
                case "yes" -> "yes";
                case "no" -> "NO";
                default -> "?";
              },
              step.path("step").asInt(),
              RowText.text(step, "what"),
              RowText.text(step, "text"));
      TextScreen screen = rows.screen();
      String fitted = screen.fit(line);
      text.append(
          made.equals("no")
              ? screen.colored(RED, fitted)
              : made.equals("yes") ? screen.colored(GREEN, fitted) : fitted);
      text.append('\n');
    }
    return text.append(isMissing ? "Cause: " : "No cause found: ")
        .append(RowText.text(chain, "headline"))
        .append('\n')
        .toString();
  }

  private String title(JsonNode trace) {
    String time = rows.time(trace.path("t").asLong());
    String address = RowText.text(trace, "address");
    String from = address.isEmpty() ? "" : ", from " + address;
    if (trace.has("status")) {
      return RowText.text(trace, "request")
          + " at "
          + time
          + from
          + ": refused with "
          + trace.path("status").asInt()
          + ": "
          + RowText.text(trace, "reason");
    }
    return RowText.text(trace, "event")
        + " on "
        + RowText.text(trace, "channel")
        + " at "
        + time
        + from;
  }
}
