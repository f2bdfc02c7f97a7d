package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.console.route.Reply;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowRing;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Json;
import dev.fanfare.protocol.Query;
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

  /// Connections that one page looks at, and how many of them at a time.
  private static final int MAX_LOOKED = 5_000;

  private static final int BATCH = 100;

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

  /// Selects connections; null for any.
  ///
  /// @param channel that it is subscribed to
  /// @param address how its address begins
  record Filter(@Nullable String user, @Nullable String channel, @Nullable String address) {

    private static final Filter ANY = new Filter(null, null, null);

    static Filter of(Query query) {
      return new Filter(query.get("user"), query.get("channel"), query.get("address"));
    }

    boolean selects(SessionView view) {
      return (user == null || user.equals(view.userId()))
          && (channel == null || view.channels().contains(channel))
          && (address == null || view.address().startsWith(address));
    }
  }

  /// A page of them, by their ids. It may end early, after two seconds or so many that were looked
  /// at; the next page continues there.
  ///
  /// @param after only those with higher ids
  Reply list(App app, String after, int limit, Filter filter) {
    List<String> ids = sessions.socketIds(app);
    List<String> left =
        ids.stream().filter(id -> id.compareTo(after) > 0).sorted().limit(MAX_LOOKED).toList();
    Json.Writer out = Json.object().field("total", ids.size());
    int looked = write(out, app, left, limit, filter);
    if (looked > 0 && (looked < left.size() || looked == limit || looked == MAX_LOOKED)) {
      out.field("next", left.get(looked - 1));
    }
    return Reply.of(out);
  }

  /// Writes an array of those that are selected, without those that have ended meanwhile. Returns
  /// how many it has looked at.
  private int write(Json.Writer out, App app, List<String> ids, int limit, Filter filter) {
    out.startArray("connections");
    long untilNs = clock.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    int looked = 0;
    int found = 0;
    while (looked < ids.size() && found < limit && clock.nanoTime() - untilNs < 0) {
      int end = Math.min(ids.size(), looked + BATCH);
      List<@Nullable CompletableFuture<SessionView>> asked = new ArrayList<>();
      for (int i = looked; i < end; i++) {
        asked.add(sessions.view(app, ids.get(i)));
      }
      for (int i = 0; i < asked.size() && found < limit; i++, looked++) {
        CompletableFuture<SessionView> each = asked.get(i);
        SessionView view =
            each == null ? null : await(each, (untilNs - clock.nanoTime()) / 1_000_000);
        if (view != null && filter.selects(view)) {
          found++;
          out.startElement();
          write(out, view);
          out.field("subscriptions", view.channels().size()).endObject();
        }
      }
    }
    out.endArray();
    return looked;
  }

  /// Those that are signed in as a user, by their ids.
  Reply ofUser(App app, String userId, int limit) {
    List<String> ids = users.socketIds(app, userId);
    Json.Writer out = Json.object().field("user", userId).field("total", ids.size());
    var _ = write(out, app, ids.stream().sorted().toList(), limit, Filter.ANY);
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
    out.field("transport", view.transport());
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
