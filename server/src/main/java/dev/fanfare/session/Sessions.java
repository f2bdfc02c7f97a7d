package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.protocol.CloseCode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// All sessions of this node, by app. Any thread.
public final class Sessions {

  private final ConcurrentMap<String, Map<String, Session>> byApp = new ConcurrentHashMap<>();

  /// Registers a session, or returns false if its app has its full number. Decided under the app's
  /// entry, so that the limit holds exactly.
  boolean add(Session session) {
    App app = session.app();
    int limit = app.limits().maxConnections();
    boolean[] added = new boolean[1];
    byApp.compute(
        app.id(),
        (_, existing) -> {
          Map<String, Session> sessions = existing == null ? new ConcurrentHashMap<>() : existing;
          added[0] = limit == 0 || sessions.size() < limit;
          if (added[0]) {
            sessions.put(session.connection().socketId(), session);
          }
          return sessions;
        });
    return added[0];
  }

  void remove(Session session) {
    byApp.computeIfPresent(
        session.app().id(),
        (_, sessions) -> {
          sessions.remove(session.connection().socketId(), session);
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

  /// Connections of an app.
  public int count(App app) {
    return byApp.getOrDefault(app.id(), Map.of()).size();
  }

  /// Connections of all apps.
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
