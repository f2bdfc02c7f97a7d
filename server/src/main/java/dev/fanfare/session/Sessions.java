package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.bus.NodeCounts;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.protocol.CloseCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// All sessions of this node, by app, and the numbers of those on other nodes. Any thread.
public final class Sessions {

  private static final Comparator<SlowReader> BY_BYTES =
      Comparator.comparingLong(SlowReader::pendingBytes);

  /// Waiting bytes that a client that reads has only for moments.
  private static final long MUCH_BYTES = 16 << 10;

  private final ConcurrentMap<String, Map<String, Session>> byApp = new ConcurrentHashMap<>();

  /// By app; each is changed while its entry is held.
  private final ConcurrentMap<String, NodeCounts> elsewhere = new ConcurrentHashMap<>();

  private final Bus bus;

  /// The sessions of a node without a bus.
  public Sessions() {
    this(new LocalBus());
  }

  /// @param bus is notified of the number of connections
  public Sessions(Bus bus) {
    this.bus = bus;
  }

  /// Registers a session, or returns false if its app has its full number. Decided under the app's
  /// entry, so that the limit holds exactly on a single node; two nodes may both accept a last one.
  boolean add(Session session) {
    App app = session.app();
    int limit = app.limits().maxConnections();
    boolean[] added = new boolean[1];
    byApp.compute(
        app.id(),
        (_, existing) -> {
          Map<String, Session> sessions = existing == null ? new ConcurrentHashMap<>() : existing;
          added[0] = limit == 0 || sessions.size() + elsewhere(app.id()) < limit;
          if (added[0]) {
            sessions.put(session.connection().socketId(), session);
            bus.publish(new BusMessage.Connections(app.id(), sessions.size()));
          }
          return sessions;
        });
    return added[0];
  }

  private int elsewhere(String appId) {
    NodeCounts counts = elsewhere.get(appId);
    return counts == null ? 0 : counts.total();
  }

  /// One element for each app, which publishes the number of its connections on this node again.
  public Iterator<Runnable> facts() {
    return byApp.keySet().stream().<Runnable>map(appId -> () -> restate(appId)).iterator();
  }

  private void restate(String appId) {
    byApp.computeIfPresent(
        appId,
        (_, sessions) -> {
          bus.publish(new BusMessage.Connections(appId, sessions.size()));
          return sessions;
        });
  }

  /// Another node has that many connections of an app.
  public void remoteConnections(String appId, int node, int count) {
    elsewhere.compute(
        appId,
        (_, existing) -> {
          NodeCounts counts = existing == null ? NodeCounts.none() : existing;
          var _ = counts.set(node, count);
          return counts.total() == 0 ? null : counts;
        });
  }

  void remove(Session session) {
    String appId = session.app().id();
    byApp.computeIfPresent(
        appId,
        (_, sessions) -> {
          if (sessions.remove(session.connection().socketId(), session)) {
            bus.publish(new BusMessage.Connections(appId, sessions.size()));
          }
          return sessions.isEmpty() ? null : sessions;
        });
  }

  /// Lets the sessions of these apps look whether they may stay. Not for event loops: there may be
  /// many.
  public void appsChanged(Collection<String> appIds) {
    for (String appId : appIds) {
      byApp.getOrDefault(appId, Map.of()).values().forEach(Session::appChanged);
    }
  }

  /// What is known about a connection, found out on its lane; null if this node does not have it.
  public @Nullable CompletableFuture<SessionStatus> status(App app, String socketId) {
    return ask(app, socketId, SessionStatus::of);
  }

  /// The same in more detail.
  public @Nullable CompletableFuture<SessionView> view(App app, String socketId) {
    return ask(app, socketId, SessionView::of);
  }

  private <T> @Nullable CompletableFuture<T> ask(
      App app, String socketId, Function<Session, T> question) {
    Session session = byApp.getOrDefault(app.id(), Map.of()).get(socketId);
    if (session == null) {
      return null;
    }
    CompletableFuture<T> answer = new CompletableFuture<>();
    session
        .connection()
        .lane()
        .execute(() -> {
          try {
            answer.complete(question.apply(session));
          } catch (RuntimeException | Error e) {
            HeapExhaustion.exitIf(e);
            answer.completeExceptionally(e);
          }
        });
    return answer;
  }

  /// Closes a connection on behalf of an operator; false if this node does not have it.
  public boolean close(App app, String socketId, CloseCode code, String reason) {
    Session session = byApp.getOrDefault(app.id(), Map.of()).get(socketId);
    if (session != null) {
      Connection connection = session.connection();
      connection.lane().execute(() -> connection.close(code, reason));
    }
    return session != null;
  }

  /// Notes what is written to a connection and read from it; false if this node does not have it.
  public boolean record(App app, String socketId, SocketLog log) {
    Session session = byApp.getOrDefault(app.id(), Map.of()).get(socketId);
    if (session != null) {
      Connection connection = session.connection();
      connection.lane().execute(() -> connection.record(log));
    }
    return session != null;
  }

  /// The socket ids of an app's connections on this node, in any order. Not for event loops.
  public List<String> socketIds(App app) {
    return List.copyOf(byApp.getOrDefault(app.id(), Map.of()).keySet());
  }

  /// The connections of an app on this node for which most waits, if it is much; those with most
  /// first. Looks at each of them without its lane. Not for event loops.
  ///
  /// @param most how many
  public List<SlowReader> slowest(App app, int most) {
    PriorityQueue<SlowReader> found = new PriorityQueue<>(BY_BYTES);
    byApp
        .getOrDefault(app.id(), Map.of())
        .forEach((socketId, session) -> {
          SocketState socket = session.connection().socketState();
          if (socket != null && socket.pendingBytes() >= MUCH_BYTES) {
            found.add(new SlowReader(app.id(), socketId, socket.pendingBytes(), socket.isBehind()));
            if (found.size() > most) {
              found.remove();
            }
          }
        });
    return found.stream().sorted(BY_BYTES.reversed()).toList();
  }

  /// True if a connection of another app on this node has this socket id.
  public boolean isOfAnotherApp(App app, String socketId) {
    return byApp.entrySet().stream()
        .anyMatch(each -> !each.getKey().equals(app.id()) && each.getValue().containsKey(socketId));
  }

  /// True if a session is one of those that are counted: it has begun and has not ended.
  public boolean has(Session session) {
    String socketId = session.connection().socketId();
    return byApp.getOrDefault(session.app().id(), Map.of()).get(socketId) == session;
  }

  /// Connections of an app on this node.
  public int count(App app) {
    return byApp.getOrDefault(app.id(), Map.of()).size();
  }

  /// Connections of all apps on this node.
  public int count() {
    return byApp.values().stream().mapToInt(Map::size).sum();
  }

  /// Closes every connection with `code`, at the pace of `options`, and waits until the close
  /// frames are sent. Not for event loops.
  ///
  /// @return how many there were
  public int drain(DrainOptions options, CloseCode code, String reason) {
    List<Session> sessions = new ArrayList<>();
    byApp.values().forEach(ofApp -> sessions.addAll(ofApp.values()));
    new Drain(sessions, options, code, reason).run();
    return sessions.size();
  }
}
