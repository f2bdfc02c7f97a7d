package dev.fanfare.console;

import dev.fanfare.console.figure.SeriesFeed;
import dev.fanfare.console.login.LoginSession;
import dev.fanfare.console.peers.Feed;
import dev.fanfare.console.peers.Peers;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.console.row.RowStream;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Writes one stream as server-sent events: at most ten times a second; figures once a second, and
/// a comment after 15 seconds without them, by which a peer that is gone is noticed. Confined to
/// its request's thread, which blocks.
final class EventStream {

  private static final long QUIET_MS = 15_000;

  /// How soon the figures of a second are passed on, and a session that has ended is noticed.
  private static final long SERIES_MS = 500;

  private static final long PAUSE_MS = 100;

  /// How soon what other nodes have sent is passed on.
  private static final long FEED_MS = 100;

  private static final long RENEWAL_NS = TimeUnit.SECONDS.toNanos(Peers.LEASE_SECONDS / 3);

  /// To whom it is written.
  ///
  /// @param session with which the stream ends; null for none
  /// @param life of the server, with which its rows are numbered
  record Reader(@Nullable LoginSession session, OutputStream out, String life) {}

  /// What is written.
  ///
  /// @param feed of the other nodes
  /// @param series what happened in each second
  record Sources(RowStream stream, Feed feed, SeriesFeed series) {}

  private final RowStream stream;
  private final Feed feed;
  private final SeriesFeed series;
  private final RowJson json;
  private final @Nullable LoginSession session;
  private final OutputStream out;
  private final String life;

  /// The line with the number of the newest row that was sent or left out.
  private String id = "";

  EventStream(Sources sources, RowJson json, Reader reader) {
    this.stream = sources.stream;
    this.feed = sources.feed;
    this.series = sources.series;
    this.json = json;
    this.session = reader.session;
    this.out = reader.out;
    this.life = reader.life;
  }

  /// Writes until the stream, the session or the peer ends.
  void run() throws IOException, InterruptedException {
    send(": the rows of app " + stream.app() + "\n\n");
    long checkMs = feed.isOpen() ? FEED_MS : SERIES_MS;
    long renewedNs = NanoClock.SYSTEM.nanoTime();
    long quietMs = 0;
    while (!stream.isClosed() && (session == null || session.isOpen())) {
      stream.await(checkMs);
      RowStream.Batch batch = stream.take();
      id = "id: " + life + "-" + batch.upTo() + "\n";
      String text = text(json, batch, id) + ofOthers() + figures();
      if (!text.isEmpty()) {
        send(text);
        quietMs = 0;
      } else if ((quietMs += checkMs) >= QUIET_MS) {
        send(":\n\n");
        quietMs = 0;
      }
      if (NanoClock.SYSTEM.nanoTime() - renewedNs >= RENEWAL_NS) {
        renewedNs = NanoClock.SYSTEM.nanoTime();
        feed.renew();
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
    }
  }

  /// What happened in the last second; empty if it was sent before.
  private String figures() {
    String row = series.next();
    return row.isEmpty() ? "" : "event: series\n" + id + "data: " + row + "\n\n";
  }

  /// What the other nodes have sent; empty if nothing.
  private String ofOthers() {
    StringBuilder text = new StringBuilder();
    String part;
    while ((part = feed.poll()) != null) {
      text.append(part);
    }
    int dropped = feed.takeDropped();
    if (dropped > 0) {
      String data = Json.object().field("parts", dropped).field("why", "slow reader").text();
      text.append("event: skipped\ndata: ").append(data).append("\n\n");
    }
    return text.toString();
  }

  private void send(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// Rows as events; empty if there are none.
  ///
  /// @param id the line with their number; empty for none
  static String text(RowJson json, RowStream.Batch batch, String id) {
    StringBuilder text = new StringBuilder();
    skipped(text, batch.gone(), "gone");
    if (!batch.rows().isEmpty()) {
      StringJoiner rows = new StringJoiner(",", "[", "]");
      for (RowRing.Entry entry : batch.rows()) {
        Json.Writer row = Json.object();
        json.write(row, entry.id(), entry.row());
        rows.add(row.text());
      }
      text.append("event: rows\n").append(id);
      text.append("data: ").append(rows).append("\n\n");
    }
    skipped(text, batch.slow(), "slow reader");
    skipped(text, batch.fast(), "rate");
    return text.toString();
  }

  private static void skipped(StringBuilder text, long rows, String why) {
    if (rows > 0) {
      String data = Json.object().field("rows", rows).field("why", why).text();
      text.append("event: skipped\ndata: ").append(data).append("\n\n");
    }
  }
}
