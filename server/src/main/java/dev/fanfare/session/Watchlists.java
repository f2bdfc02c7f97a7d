package dev.fanfare.session;

import dev.fanfare.app.App;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Tracks signed-in users of all nodes and their watchers on this one, and notifies watchers of
/// changes (section 4.2). Any thread; one lock, under which messages are only queued for lanes and
/// for the bus. Sign-ins are rare compared to deliveries.
public final class Watchlists {

  /// A user who returns within this time stays online, so that a page reload causes no events.
  static final long OFFLINE_DELAY_NS = TimeUnit.SECONDS.toNanos(3);

  /// Users who are reported as offline in one go.
  private static final int BATCH = 256;

  /// Comparable, because clients choose ids: a map finds equal hashes by their order.
  private record UserKey(String appId, String userId) implements Comparable<UserKey> {

    private static final Comparator<UserKey> ORDER =
        Comparator.comparing(UserKey::userId).thenComparing(UserKey::appId);

    @Override
    public int compareTo(UserKey other) {
      return ORDER.compare(this, other);
    }
  }

  /// The state of one user. Kept while the user is signed in, watched or leaving.
  private static final class Presence {
    final Set<Session> sessions = new HashSet<>();
    final Set<Session> watchers = new HashSet<>();

    /// The other nodes that the user is signed in on; null if there was none.
    @Nullable BitSet nodes;

    boolean isOnline;
    long offlineSinceNs;

    boolean isSignedIn() {
      return !sessions.isEmpty() || (nodes != null && !nodes.isEmpty());
    }

    boolean isUnused() {
      return !isOnline && !isSignedIn() && watchers.isEmpty();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Map<UserKey, Presence> users = new HashMap<>();

  /// Users without connections who are still reported as online, in the order in which they left:
  /// all wait equally long.
  private final SequencedSet<UserKey> leaving = new LinkedHashSet<>();

  private final NanoClock clock;
  private final Bus bus;

  /// @param bus is notified of users of this node
  public Watchlists(NanoClock clock, Bus bus) {
    this.clock = clock;
    this.bus = bus;
  }

  /// @param neverOnline watched ids that no user can have; reported as offline, and not kept
  void signedIn(Session session, SignedInUser user, List<String> neverOnline) {
    App app = session.app();
    lock.lock();
    try {
      UserKey key = new UserKey(app.id(), user.id());
      Presence presence = users.computeIfAbsent(key, _ -> new Presence());
      if (presence.sessions.add(session) && presence.sessions.size() == 1) {
        bus.publish(new BusMessage.Online(app.id(), user.id()));
      }
      cameOnline(key, presence);
      watch(session, user, neverOnline);
    } finally {
      lock.unlock();
    }
  }

  void signedOut(Session session, SignedInUser user) {
    lock.lock();
    try {
      UserKey key = new UserKey(session.app().id(), user.id());
      Presence presence = users.get(key);
      if (presence != null && presence.sessions.remove(session) && presence.sessions.isEmpty()) {
        bus.publish(new BusMessage.Offline(key.appId(), key.userId()));
        wentOffline(key, presence);
      }
      for (String watched : user.watchlist()) {
        unwatch(session, new UserKey(session.app().id(), watched));
      }
    } finally {
      lock.unlock();
    }
  }

  private void cameOnline(UserKey key, Presence presence) {
    leaving.remove(key);
    if (!presence.isOnline) {
      presence.isOnline = true;
      notifyWatchers(presence, new ServerMessage.WatchlistEvents(List.of(key.userId()), List.of()));
    }
  }

  private void wentOffline(UserKey key, Presence presence) {
    if (!presence.isSignedIn()) {
      presence.offlineSinceNs = clock.nanoTime();
      leaving.add(key);
    }
  }

  /// One element for each user who is signed in on this node, which publishes that again.
  public Iterator<Runnable> facts() {
    lock.lock();
    try {
      return users.entrySet().stream()
          .filter(entry -> !entry.getValue().sessions.isEmpty())
          .map(Map.Entry::getKey)
          .toList()
          .stream()
          .<Runnable>map(key -> () -> restate(key))
          .iterator();
    } finally {
      lock.unlock();
    }
  }

  private void restate(UserKey key) {
    lock.lock();
    try {
      Presence presence = users.get(key);
      if (presence != null && !presence.sessions.isEmpty()) {
        bus.publish(new BusMessage.Online(key.appId(), key.userId()));
      }
    } finally {
      lock.unlock();
    }
  }

  /// The user's first connection on another node has signed in.
  public void remoteOnline(String appId, int node, String userId) {
    lock.lock();
    try {
      UserKey key = new UserKey(appId, userId);
      Presence presence = users.computeIfAbsent(key, _ -> new Presence());
      BitSet nodes = presence.nodes == null ? new BitSet() : presence.nodes;
      nodes.set(node);
      presence.nodes = nodes;
      cameOnline(key, presence);
    } finally {
      lock.unlock();
    }
  }

  /// The user's last connection on another node has ended.
  public void remoteOffline(String appId, int node, String userId) {
    lock.lock();
    try {
      UserKey key = new UserKey(appId, userId);
      Presence presence = users.get(key);
      BitSet nodes = presence == null ? null : presence.nodes;
      if (presence != null && nodes != null && nodes.get(node)) {
        nodes.clear(node);
        wentOffline(key, presence);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The socket ids of this node's connections that are signed in as the user, in any order.
  List<String> socketIds(String appId, String userId) {
    lock.lock();
    try {
      Presence presence = users.get(new UserKey(appId, userId));
      return presence == null
          ? List.of()
          : presence.sessions.stream().map(each -> each.connection().socketId()).toList();
    } finally {
      lock.unlock();
    }
  }

  /// Closes every connection of this node that is signed in as the user (section 4.3).
  public void terminateLocal(String appId, String userId) {
    terminateLocal(appId, userId, 0);
  }

  /// The same for connections that are at least as old.
  public void terminateLocal(String appId, String userId, long ageNs) {
    List<Session> sessions = List.of();
    lock.lock();
    try {
      Presence presence = users.get(new UserKey(appId, userId));
      if (presence != null) {
        sessions = presence.sessions.stream().filter(each -> each.isOlderThan(ageNs)).toList();
      }
    } finally {
      lock.unlock();
    }
    sessions.forEach(Session::terminate);
  }

  /// Reports users as offline after the delay. Called a few times a second by the housekeeping
  /// thread; looks at no user who is not due.
  public void sweep() {
    long nowNs = clock.nanoTime();
    boolean isMoreDue = true;
    while (isMoreDue) {
      isMoreDue = completeLeaves(nowNs);
    }
  }

  /// Reports some of the users who are due; lanes wait for the lock meanwhile.
  ///
  /// @return true if there may be more
  private boolean completeLeaves(long nowNs) {
    lock.lock();
    try {
      for (int i = 0; i < BATCH; i++) {
        if (leaving.isEmpty() || !completeLeave(leaving.getFirst(), nowNs)) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// @return false if the user is not due
  private boolean completeLeave(UserKey key, long nowNs) {
    Presence presence = users.get(key);
    if (presence != null && nowNs - presence.offlineSinceNs < OFFLINE_DELAY_NS) {
      return false;
    }
    leaving.remove(key);
    if (presence != null) {
      presence.isOnline = false;
      notifyWatchers(presence, new ServerMessage.WatchlistEvents(List.of(), List.of(key.userId())));
      if (presence.isUnused()) {
        users.remove(key);
      }
    }
    return true;
  }

  private void watch(Session session, SignedInUser user, List<String> neverOnline) {
    if (user.watchlist().isEmpty() && neverOnline.isEmpty()) {
      return;
    }
    List<String> online = new ArrayList<>();
    List<String> offline = new ArrayList<>();
    for (String watched : user.watchlist()) {
      UserKey key = new UserKey(session.app().id(), watched);
      Presence presence = users.computeIfAbsent(key, _ -> new Presence());
      presence.watchers.add(session);
      (presence.isOnline ? online : offline).add(watched);
    }
    offline.addAll(neverOnline);
    send(session, new ServerMessage.WatchlistEvents(online, offline));
  }

  private void unwatch(Session session, UserKey key) {
    Presence presence = users.get(key);
    if (presence != null) {
      presence.watchers.remove(session);
      if (presence.isUnused()) {
        users.remove(key);
      }
    }
  }

  private static void notifyWatchers(Presence presence, ServerMessage message) {
    presence.watchers.forEach(watcher -> send(watcher, message));
  }

  private static void send(Session session, ServerMessage message) {
    Connection connection = session.connection();
    connection.lane().execute(() -> session.onNotice(message));
  }
}
