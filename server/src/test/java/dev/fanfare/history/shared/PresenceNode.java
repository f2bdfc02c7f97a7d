package dev.fanfare.history.shared;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.MemoryStreams;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A node with users in one presence channel, on an engine in memory. Used by one thread.
final class PresenceNode {

  static final HistoryRule RULE =
      HistoryRule.DEFAULTS
          .withStore(HistoryRule.Store.SHARED)
          .withPresenceEvents(true)
          .withKeepEvents(100_000)
          .withKeepSeconds(31_536_000);

  static final ChannelName ROOM = name();

  private record Due(long atMs, Runnable task) {}

  final long life;
  final FlakyStreams flaky;
  final SharedPresence presence;

  /// The users with a connection to this node.
  final Set<String> users = new TreeSet<>();

  /// Those who have had one.
  final Set<String> visitors = new TreeSet<>();

  /// False if it says that no user is there.
  boolean isHonest = true;

  /// The nodes that this one hears; empty if it cannot judge.
  Set<Long> alive = new TreeSet<>();

  private final MemoryStreams.Engine engine;
  private final List<Due> timers = new ArrayList<>();

  PresenceNode(MemoryStreams.Engine engine, long life, FlakyStreams.Filter filter) {
    this.engine = engine;
    this.life = life;
    this.flaky = new FlakyStreams(engine, filter);
    SharedStore store =
        new SharedStore(
            flaky.streams(),
            MemoryStore.unlimited(),
            () -> Instant.ofEpochMilli(engine.nowMs()),
            0);
    store.start(links(), new Readiness());
    presence =
        new SharedPresence(
            store,
            (ms, task) -> timers.add(new Due(engine.nowMs() + ms, task)),
            () -> engine.nowMs() * 1_000_000,
            Runnable::run);
  }

  private static ChannelName name() {
    return switch (ChannelName.parse("presence-room", 100)) {
      case Parsed.Ok<ChannelName>(ChannelName name) -> name;
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }

  private HistoryLinks links() {
    return new HistoryLinks() {
      @Override
      public void wake(String appId, String channel) {}

      @Override
      public void purged(String appId, ChannelName channel, EventId through) {}

      @Override
      public long self() {
        return life;
      }

      @Override
      public Set<Long> alive() {
        return Set.copyOf(alive);
      }

      @Override
      public void present(
          String appId, ChannelName channel, Consumer<@Nullable Collection<String>> to) {
        to.accept(isHonest ? users : Set.of());
      }
    };
  }

  void enter(String userId) {
    visitors.add(userId);
    if (users.add(userId)) {
      presence.note("1", ROOM, RULE, userId, null);
    }
  }

  void leave(String userId, String cause) {
    if (users.remove(userId)) {
      presence.note("1", ROOM, RULE, userId, cause);
    }
  }

  /// Another node does not answer any more.
  void lose(PresenceNode other) {
    if (alive.remove(other.life)) {
      other.users.forEach(_ -> presence.leftElsewhere("1", ROOM, RULE));
    }
  }

  /// Joins and leaves as text, with users instead of the names that these have in the log, and
  /// without those of users who were purged.
  static List<String> withUsers(Streams streams, List<Publication> rows) {
    Map<String, String> users =
        new Pseudonyms(streams, () -> 0)
            .users("1", rows.stream().map(PresenceNode::name).toList())
            .toCompletableFuture()
            .join();
    return rows.stream()
        .filter(row -> users.containsKey(name(row)))
        .map(row -> (row.event() + " " + users.get(name(row)) + " " + row.data()).strip())
        .toList();
  }

  private static String name(Publication row) {
    return Objects.requireNonNull(row.userId());
  }

  /// Runs what is due.
  void run() {
    for (Due due : List.copyOf(timers)) {
      if (due.atMs <= engine.nowMs() && timers.remove(due)) {
        due.task.run();
      }
    }
  }
}
