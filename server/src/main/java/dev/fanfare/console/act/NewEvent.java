package dev.fanfare.console.act;

import dev.fanfare.console.row.Row;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.MalformedJson;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Utf8;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An event that a user of the console publishes, as sent; the HTTP API checks what it contains.
///
/// @param data null if it is missing
/// @param socketId of the connection that does not get it; null for none
record NewEvent(
    List<String> channels, String event, @Nullable String data, @Nullable String socketId) {

  NewEvent {
    channels = List.copyOf(channels);
  }

  /// Reads the body of a request.
  static Parsed<NewEvent> read(byte[] body) {
    if (!Utf8.isValid(body)) {
      return new Parsed.Bad<>("Invalid JSON: the body is not UTF-8");
    }
    List<String> channels = new ArrayList<>();
    @Nullable String[] texts = new String[3];
    try {
      Json.readObject(
          body,
          (name, value) -> {
            switch (name) {
              case "channels" -> channels.addAll(value.strings());
              case "event" -> texts[0] = value.stringOrNull();
              case "data" -> texts[1] = value.stringOrNull();
              case "socket_id" -> texts[2] = value.stringOrNull();
              default -> {}
            }
          });
    } catch (MalformedJson e) {
      return new Parsed.Bad<>(e.reason());
    }
    String event = texts[0];
    return event == null || event.isEmpty()
        ? new Parsed.Bad<>("Missing required parameter: event")
        : new Parsed.Ok<>(new NewEvent(channels, event, texts[1], texts[2]));
  }

  /// The same as the body of `POST /apps/ID/events`.
  byte[] body() {
    Json.Writer out = Json.object().field("name", event).strings("channels", channels);
    if (data != null) {
      out.field("data", data);
    }
    if (socketId != null) {
      out.field("socket_id", socketId);
    }
    return out.utf8();
  }

  /// For the audit log: never its data.
  String summary() {
    return Row.cut(event) + " to " + Row.cut(String.join(" ", channels));
  }
}
