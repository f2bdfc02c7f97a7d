package dev.fanfare.cli.console;

import dev.fanfare.protocol.JsonDocument;
import dev.fanfare.protocol.MalformedJson;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads the server-sent events of the console. Confined to one thread.
public final class EventReader implements AutoCloseable {

  /// What has arrived.
  ///
  /// @param skipped rows that were left out; 0 if none were
  /// @param why they were; empty if none were
  public record Batch(List<JsonNode> rows, int skipped, String why) {}

  private final BufferedReader lines;

  EventReader(InputStream body) {
    this.lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
  }

  /// The next batch; null at the end of the stream.
  public @Nullable Batch next() throws IOException {
    String event = "";
    String line;
    while ((line = lines.readLine()) != null) {
      if (line.startsWith("event: ")) {
        event = line.substring("event: ".length());
      } else if (line.startsWith("data: ") && !event.equals("series")) {
        return batch(event, line.substring("data: ".length()));
      }
    }
    return null;
  }

  private static Batch batch(String event, String data) throws IOException {
    try {
      if (event.equals("skipped")) {
        JsonNode skipped = JsonDocument.readObject(data);
        return new Batch(List.of(), skipped.path("rows").asInt(), skipped.path("why").asString(""));
      }
      List<JsonNode> rows = new ArrayList<>();
      JsonDocument.readObject("{\"rows\":" + data + "}").path("rows").forEach(rows::add);
      return new Batch(rows, 0, "");
    } catch (MalformedJson e) {
      throw new IOException("cannot parse the console's stream: " + e.reason(), e);
    }
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
