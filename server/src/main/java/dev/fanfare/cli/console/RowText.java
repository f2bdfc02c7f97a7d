package dev.fanfare.cli.console;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A row of the stream as one line.
///
/// @param zone of the times
public record RowText(TextScreen screen, ZoneId zone) {

  private static final int RED = 31;
  private static final int YELLOW = 33;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);

  /// Of this process: its terminal, if it has one, and the zone of the machine.
  public static RowText ofProcess(Map<String, String> environment) {
    return new RowText(TextScreen.ofProcess(environment), ZoneId.systemDefault());
  }

  /// The line, without a line feed.
  public String line(JsonNode row) {
    String kind = text(row, "kind");
    StringBuilder line = new StringBuilder(time(row.path("t").asLong()));
    line.append(String.format(Locale.ROOT, "  %-12s", kind));
    labelled(line, row, "channel", "");
    labelled(line, row, "event", "");
    switch (kind) {
      case "publish", "client_event" -> line.append("  ").append(reached(row));
      case "refuse" -> line.append("  ").append(refused(row));
      case "request" ->
          line.append("  ")
              .append(text(row, "request"))
              .append(' ')
              .append(row.path("status").asInt());
      case "reload" -> line.append(row.path("applied").asBoolean() ? "  applied" : "  rejected");
      case "close" -> line.append("  ").append(row.path("code").asInt());
      case "drop" -> line.append("  missed ").append(row.path("events").asInt()).append(" events");
      case "webhook" ->
          line.append("  ")
              .append(text(row, "outcome"))
              .append(' ')
              .append(row.path("count").asInt())
              .append("  ")
              .append(text(row, "endpoint"));
      default -> {}
    }
    labelled(line, row, "quota", "");
    labelled(line, row, "change", "");
    labelled(line, row, "socket", "socket ");
    labelled(line, row, "user", "user ");
    labelled(line, row, "address", "from ");
    labelled(line, row, "reason", "");
    labelled(line, row, "data", "");
    String fitted = screen.fit(line.toString());
    boolean isLonely = kind.equals("publish") && row.path("subscribers").asInt() == 0;
    return kind.equals("refuse")
        ? screen.colored(RED, fitted)
        : isLonely ? screen.colored(YELLOW, fitted) : fitted;
  }

  /// The line for rows that were left out.
  public String skipped(EventReader.Batch batch) {
    return screen.colored(
        YELLOW,
        "… "
            + batch.skipped()
            + " rows left out: "
            + switch (batch.why()) {
              case "rate" -> "more than 200 per second, narrow the filter";
              case "gone" -> "too long ago";
              default -> "read too slowly";
            });
  }

  private static String reached(JsonNode row) {
    int subscribers = row.path("subscribers").asInt();
    if (subscribers == 0) {
      return "no subscribers";
    }
    return row.has("reached")
        ? row.path("reached").asInt() + " of " + subscribers
        : subscribers + " subscribers";
  }

  private static String refused(JsonNode row) {
    String request = text(row, "request");
    String what = request.isEmpty() ? text(row, "what") : request;
    int status = row.path("status").asInt();
    return what + (status == 0 ? "" : " " + status);
  }

  private static void labelled(StringBuilder line, JsonNode row, String name, String label) {
    String text = text(row, name);
    if (!text.isEmpty()) {
      line.append("  ").append(label).append(text);
    }
  }

  /// A field as text; empty if it is absent.
  static String text(JsonNode row, String name) {
    return Printable.of(row.path(name).asString(""));
  }

  /// The time of day of milliseconds since 1970.
  String time(long ms) {
    return TIME.format(Instant.ofEpochMilli(ms).atZone(zone));
  }
}
