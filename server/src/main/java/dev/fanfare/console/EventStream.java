package dev.fanfare.console;

import dev.fanfare.console.login.LoginSession;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes one stream as server-sent events: at most ten times a second, and a comment every 15
/// seconds, by which a peer that is gone is noticed. Confined to its request's thread, which
/// blocks.
final class EventStream {

  private static final long QUIET_MS = 15_000;

  /// How soon a session that has ended is noticed.
  private static final long CHECK_MS = 1_000;

  private static final long PAUSE_MS = 100;

  private final RowStream stream;
  private final RowJson json;
  private final @Nullable LoginSession session;
  private final OutputStream out;

  /// @param session with which it ends; null for none
  EventStream(RowStream stream, RowJson json, @Nullable LoginSession session, OutputStream out) {
    this.stream = stream;
    this.json = json;
    this.session = session;
    this.out = out;
  }

  /// Writes until the stream, the session or the peer ends.
  void run() throws IOException, InterruptedException {
    send(": the rows of app " + stream.app() + "\n\n");
    long quietMs = 0;
    while (!stream.isClosed() && (session == null || session.isOpen())) {
      stream.await(CHECK_MS);
      RowStream.Batch batch = stream.take();
      if (!batch.isEmpty()) {
        send(text(batch));
        quietMs = 0;
      } else if ((quietMs += CHECK_MS) >= QUIET_MS) {
        send(":\n\n");
        quietMs = 0;
      }
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
