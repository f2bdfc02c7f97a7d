package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import dev.fanfare.session.SessionView;
import dev.fanfare.session.Sessions;
import dev.fanfare.session.SocketState;
import dev.fanfare.session.Users;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The connections of an app on this node. May block until their lanes have answered.
final class ConnectionPages {

  /// How long a lane may take to answer.
  private static final long PATIENCE_MS = 2_000;

  private final Sessions sessions;
  private final Users users;
  private final NanoClock clock;
  private final InstantSource wall;
  private final Retrospect retrospect;
  private final RowJson json;

  ConnectionPages(ConsoleParts parts, Retrospect retrospect, RowJson json) {
    this.sessions = parts.sessions();
    this.users = parts.users();
    this.clock = parts.clock();
    this.wall = parts.wall();
    this.retrospect = retrospect;
    this.json = json;
  }

  /// A page of them, by their ids.
  ///
  /// @param after only those with higher ids
  Reply list(App app, String after, int limit) {
    List<String> ids = sessions.socketIds(app);
    List<String> page =
        ids.stream().filter(id -> id.compareTo(after) > 0).sorted().limit(limit).toList();
    Json.Writer out = Json.object().field("total", ids.size());
    write(out, app, page);
    if (page.size() == limit) {
      out.field("next", page.getLast());
    }
    return Reply.of(out);
  }

  /// Writes an array of them, without those that have ended meanwhile.
  private void write(Json.Writer out, App app, List<String> page) {
    List<CompletableFuture<SessionView>> asked = new ArrayList<>();
    for (String id : page) {
      CompletableFuture<SessionView> view = sessions.view(app, id);
      if (view != null) {
        asked.add(view);
      }
    }
    out.startArray("connections");
    long untilNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    for (CompletableFuture<SessionView> each : asked) {
      SessionView view = await(each, (untilNs - clock.nanoTime()) / 1_000_000);
      if (view != null) {
        out.startElement();
        write(out, view);
        out.field("subscriptions", view.channels().size()).endObject();
      }
    }
    out.endArray();
  }

  /// Those that are signed in as a user, by their ids.
  Reply ofUser(App app, String userId, int limit) {
    List<String> ids = users.socketIds(app, userId);
    Json.Writer out = Json.object().field("user", userId).field("total", ids.size());
    write(out, app, ids.stream().sorted().limit(limit).toList());
    return Reply.of(out);
  }

  /// One of them, with what it did lately; also if it has ended.
  Reply show(App app, String socketId) {
    SessionView view = view(app, socketId);
    List<RowRing.Entry> past = retrospect.of(app.id(), socketId);
    if (view == null && past.isEmpty()) {
      return Reply.refusal(404, "This node has no connection " + Row.cut(socketId));
    }
    Json.Writer out = Json.object().field("open", view != null);
    if (view == null) {
      out.field("socket_id", socketId);
    } else {
      write(out, view);
      out.strings("subscriptions", view.channels());
    }
    json.rows(out, "past", past);
    return Reply.of(out);
  }

  /// What is known about one; null if it is not open, or its lane does not answer.
  @Nullable SessionView view(App app, String socketId) {
    CompletableFuture<SessionView> asked = sessions.view(app, socketId);
    return asked == null ? null : await(asked, PATIENCE_MS);
  }

  private static @Nullable SessionView await(CompletableFuture<SessionView> view, long patienceMs) {
    try {
      return view.get(Math.max(0, patienceMs), TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  private void write(Json.Writer out, SessionView view) {
    long nowNs = clock.nanoTime();
    out.field("socket_id", view.socketId()).field("address", view.address());
    out.field("since_ms", wallMs(view.openedAtNs(), nowNs));
    RowJson.text(out, "user", view.userId());
    RowJson.text(out, "tag", view.tag());
    SocketState socket = view.socket();
    if (socket != null) {
      out.field("pending_bytes", socket.pendingBytes());
      out.field("last_read_ms", wallMs(socket.lastReadNs(), nowNs));
    }
  }

  private long wallMs(long atNs, long nowNs) {
    return wall.millis() - TimeUnit.NANOSECONDS.toMillis(nowNs - atNs);
  }
}
