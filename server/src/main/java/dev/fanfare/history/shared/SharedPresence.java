package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.ChannelName;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The joins and leaves of users as the nodes of a cluster keep them together: a user joins with
/// the first connection to any node and leaves with the last one. Any thread.
public final class SharedPresence implements Attended.Outside {

  /// Channels that are remembered in case the node is lost where a user has just left.
  static final int MAX_LEFT = 20_000;

  private static final long TICK_MS = 1_000;

  /// What a lost node had is removed within that time.
  private static final long REMOVAL_MS = 30_000;

  private final SharedStore store;
  private final Confirmations.Timer timer;
  private final NanoClock clock;
  private final Pseudonyms names;
  private final AttendanceLog log;
  private final AttendanceNotes notes;
  private final LostNodes lost = new LostNodes();
  private final AtomicBoolean isTicking = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<ChannelKey, AttendanceLog.Place> left = new TreeMap<>();
  private long tickedMs;
  private long lessUntilMs;
  private long doubtAgainMs;

  /// @param threads may take the entry of a channel
  SharedPresence(SharedStore store, Confirmations.Timer timer, NanoClock clock, Executor threads) {
    this.store = store;
    this.timer = timer;
    this.clock = clock;
    this.names = new Pseudonyms(store.streams(), store::nowMs);
    this.log = new AttendanceLog(store.streams(), store::ticket, names);
    this.notes = new AttendanceNotes(store.memory(), timer, threads, this::clockMs, this);
  }

  private long clockMs() {
    return TimeUnit.NANOSECONDS.toMillis(clock.nanoTime());
  }

  private static AttendanceLog.Place place(String appId, ChannelName channel, HistoryRule rule) {
    return new AttendanceLog.Place(
        new ChannelKey(appId, PresenceEvents.log(channel)), channel, SharedPages.limits(rule));
  }

  /// A user's first connection to this node has joined, or the last one has left. The channel's
  /// entry is held.
  ///
  /// @param cause as the HTTP API names it; null if the user has joined
  public void note(
      String appId, ChannelName channel, HistoryRule rule, String userId, @Nullable String cause) {
    notes.add(place(appId, channel, rule), new Attendance.Step(userId, cause));
    tickFromNowOn();
  }

  /// A user's last connection to another node has left, or that node is lost.
  public void leftElsewhere(String appId, ChannelName channel, HistoryRule rule) {
    AttendanceLog.Place place = place(appId, channel, rule);
    lock.lock();
    try {
      if (left.size() < MAX_LEFT && left.putIfAbsent(place.key(), place) == null) {
        store.memory().hold(AttendanceNotes.NOTE_BYTES);
      }
    } finally {
      lock.unlock();
    }
    tickFromNowOn();
  }

  /// The channel keeps no joins and leaves any more.
  public void forget(String appId, ChannelName channel) {
    notes.forget(new ChannelKey(appId, PresenceEvents.log(channel)));
  }

  private void tickFromNowOn() {
    if (!isTicking.get() && isTicking.compareAndSet(false, true)) {
      tick();
    }
  }

  private void tick() {
    try {
      look();
    } finally {
      timer.after(TICK_MS, this::tick);
    }
  }

  /// Looks which nodes are there.
  private void look() {
    long nowMs = clockMs();
    LostNodes.News news = lost.observe(store.links().alive(), nowMs);
    boolean wasAsleep;
    boolean mustDoubt;
    List<AttendanceLog.Place> places = List.of();
    lock.lock();
    try {
      wasAsleep = tickedMs != 0 && nowMs - tickedMs > LostNodes.FRESH_MS;
      tickedMs = nowMs;
      mustDoubt = wasAsleep || news.isBack();
      if (mustDoubt) {
        doubtAgainMs = nowMs + LostNodes.GRACE_MS; // once they hear it
      } else if (doubtAgainMs != 0 && nowMs >= doubtAgainMs) {
        mustDoubt = true;
        doubtAgainMs = 0;
      }
      lessUntilMs = news.isLess() ? nowMs + REMOVAL_MS : lessUntilMs;
      if (nowMs < lessUntilMs) {
        places = List.copyOf(left.values());
      }
      store.memory().release((long) left.size() * AttendanceNotes.NOTE_BYTES);
      left.clear();
    } finally {
      lock.unlock();
    }
    if (wasAsleep) {
      lost.doubt();
    }
    if (mustDoubt) {
      notes.doubtAll(); // others may have taken this node for lost
    }
    places.forEach(notes::look);
    notes.tick(news.isLess());
  }

  /// The engine can be reached again.
  void onAvailable() {
    notes.doubtAll();
  }

  @Override
  public CompletionStage<Boolean> write(Attended.Batch batch) {
    return apply(
        batch.channel().place,
        new Attendance.Change(store.links().self(), batch.steps(), batch.truth()));
  }

  private CompletionStage<Boolean> apply(AttendanceLog.Place place, Attendance.Change change) {
    return log.apply(place, change, node -> lost.verdict(node, clockMs()));
  }

  @Override
  public void ask(AttendanceLog.Place place, Consumer<@Nullable Collection<String>> to) {
    store.links().present(place.key().appId(), place.channel(), to);
  }

  /// Some joins and leaves of a channel, without users of nodes that are lost. Blocks.
  public HistoryPage page(
      String appId, ChannelName channel, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    AttendanceLog.Place place = place(appId, channel, rule);
    return store.read(
        channel,
        () -> {
          Attendance.Change none = new Attendance.Change(store.links().self(), List.of(), null);
          if (store.await(apply(place, none))) {
            notes.look(place);
            tickFromNowOn();
          }
          return withUsers(appId, store.pages().read(channel, place.key(), rule, query, nowNs));
        });
  }

  /// A page with the users instead of their names in the log, and without rows of users who were
  /// purged. Blocks.
  private HistoryPage withUsers(String appId, HistoryPage page) {
    Set<String> inLog = new TreeSet<>();
    page.events().forEach(event -> inLog.add(name(event)));
    Map<String, String> users = store.await(names.users(appId, inLog));
    List<StoredEvent> events =
        page.events().stream()
            .filter(event -> users.containsKey(name(event)))
            .map(event -> event.ofUser(Objects.requireNonNull(users.get(name(event)))))
            .toList();
    return new HistoryPage(events, page.isComplete(), page.next());
  }

  private static String name(StoredEvent event) {
    return Objects.requireNonNull(event.publication().userId());
  }

  /// Lets no reader find out any more which joins and leaves were those of a user. Later ones are
  /// kept as before.
  public Purge purgeUser(String appId, String userId) {
    return new Purge(
        EventId.NONE,
        null,
        0,
        0,
        () ->
            store.answered(() -> {
              var _ = store.await(names.forget(appId, userId));
              return 0;
            }));
  }

  /// Drops all joins and leaves of a channel; who is there is known as before.
  public Purge purge(String appId, ChannelName channel, HistoryRule rule, long nowNs) {
    ChannelKey key = place(appId, channel, rule).key();
    return new Purge(
        EventId.NONE,
        null,
        0,
        0,
        () ->
            store.answered(() -> {
              int events = store.pages().count(channel, key, rule, nowNs).events();
              var _ = store.await(store.streams().purge(key));
              return events;
            }));
  }

  /// Joins and leaves that wait until the engine has them. Any thread.
  int waiting() {
    return notes.waiting();
  }

  /// Channels of which they were dropped because too many waited. Any thread.
  long dropped() {
    return notes.dropped();
  }

  /// Writes what waits. Completes when that was done, or has failed.
  CompletionStage<Void> flush() {
    return notes.flush();
  }
}
