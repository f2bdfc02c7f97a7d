package dev.fanfare.console;

import dev.fanfare.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/// Writes one stream as server-sent events: at most ten times a second, and a comment every 15
/// seconds, by which a peer that is gone is noticed. Confined to its request's thread, which
/// blocks.
final class EventStream {

  private static final long QUIET_MS = 15_000;
  private static final long PAUSE_MS = 100;

  private final RowStream stream;
  private final RowJson json;
  private final OutputStream out;

  EventStream(RowStream stream, RowJson json, OutputStream out) {
    this.stream = stream;
    this.json = json;
    this.out = out;
  }

  /// Writes until the stream or the peer ends.
  void run() throws IOException, InterruptedException {
    send(": the rows of app " + stream.app() + "\n\n");
    while (!stream.isClosed()) {
      stream.await(QUIET_MS);
      RowStream.Batch batch = stream.take();
      send(batch.isEmpty() ? ":\n\n" : text(batch));
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private String text(RowStream.Batch batch) {
    StringBuilder text = new StringBuilder();
    if (!batch.rows().isEmpty()) {
      StringJoiner rows = new StringJoiner(",", "[", "]");
      for (RowRing.Entry entry : batch.rows()) {
        Json.Writer row = Json.object();
        json.write(row, entry.id(), entry.row());
        rows.add(row.text());
      }
      text.append("event: rows\nid: ").append(batch.rows().getLast().id());
      text.append("\ndata: ").append(rows).append("\n\n");
    }
    skipped(text, batch.slow(), "slow reader");
    skipped(text, batch.fast(), "rate");
    return text.toString();
  }

  private static void skipped(StringBuilder text, int rows, String why) {
    if (rows > 0) {
      String data = Json.object().field("rows", rows).field("why", why).text();
      text.append("event: skipped\ndata: ").append(data).append("\n\n");
    }
  }
}
