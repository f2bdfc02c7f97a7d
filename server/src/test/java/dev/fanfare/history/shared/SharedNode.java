package dev.fanfare.history.shared;

import static org.awaitility.Awaitility.await;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.Reader;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.MemoryStreams;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// A node with the log of one channel.
final class SharedNode {

  static final ChannelName FEED = name();
  static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withStore(HistoryRule.Store.SHARED).withReplayEvents(100);
  static final Identity PHONE = new Identity(Identity.Kind.TAG, "phone");
  static final Duration PATIENCE = Duration.ofMinutes(1);

  static ChannelName name() {
    return switch (ChannelName.parse("feed-7", 100)) {
      case Parsed.Ok<ChannelName>(ChannelName name) -> name;
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }

  static Publication event(String data) {
    return new Publication(FEED, "e", data, null, null, Origin.HTTP);
  }

  static HistoryRule rewinding(int events) {
    return RULE.withReplay(HistoryRule.Replay.REWIND).withRewindEvents(events);
  }

  static Gap.@Nullable Reason reason(Archive.Decision decision) {
    Gap gap = decision.gap();
    return gap == null ? null : gap.reason();
  }

  final SharedStore store;
  final SharedLog log;
  final List<String> delivered = new ArrayList<>();
  final List<EventId> purges = new ArrayList<>();

  /// What writes the positions of mailboxes.
  final List<Runnable> writes = new ArrayList<>();

  private long sequence;

  SharedNode(MemoryStreams.Engine engine, HistoryRule rule) {
    MemoryStore memory = MemoryStore.unlimited();
    store =
        new SharedStore(
            engine.node(),
            memory,
            () -> Instant.ofEpochMilli(engine.nowMs()),
            0,
            (_, task) -> writes.add(task),
            () -> engine.nowMs() * 1_000_000);
    log = new SharedLog(store, "1", FEED, rule);
    store.start(
        new HistoryLinks() {
          @Override
          public void wake(String appId, String channel) {
            drain();
          }

          @Override
          public void purged(String appId, ChannelName channel, EventId through) {
            purges.add(through);
          }
        },
        new Readiness());
    log.start();
  }

  /// Waits until it knows where to begin.
  SharedNode begun() {
    await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(PATIENCE)
        .until(() -> !log.base().equals(EventId.NONE));
    return this;
  }

  synchronized void drain() {
    StoredEvent event = log.take(++sequence, 0);
    while (event != null) {
      delivered.add(event.publication().data());
      event = log.take(++sequence, 0);
    }
  }

  /// Writes the positions of mailboxes that wait.
  void write() {
    List<Runnable> due = List.copyOf(writes);
    writes.clear();
    due.forEach(Runnable::run);
  }

  CompletionStage<Streams.Appended> append(Publication event) {
    return store.append("1", RULE, event, store.ticket());
  }

  EventId publish(String data) {
    Publication event = event(data);
    Streams.Appended appended = append(event).toCompletableFuture().join();
    log.offer(new Arrival(appended.id(), appended.previous(), event));
    drain();
    return appended.id();
  }

  /// What keeps the position of a client.
  Reader.Follower follow(String socketId) {
    Reader reader = store.departed().begin("1", "feed-7", PHONE, socketId, null, EventId.NONE);
    SharedReader follower = new SharedReader(store, log, PHONE, socketId, reader, false);
    follower.onBegun();
    return follower;
  }

  Archive.Decision decide(@Nullable Identity identity, String socketId) {
    return decide(new Archive.Question(null, identity, null, socketId, 0));
  }

  Archive.Decision decide(Archive.Question question) {
    return log.archive().decide(question, sequence);
  }

  /// What a subscription is given that begins there, from the engine and from memory.
  List<String> given(Archive.Decision decision) {
    List<String> given = new ArrayList<>();
    long position = decision.after() == EventLog.END ? sequence : 0;
    EventId from = decision.from();
    while (from != null) {
      Archive.Page page = log.archive().page(from, 0);
      page.events().forEach(event -> given.add(event.publication().data()));
      position = Math.max(position, page.through());
      from = page.next();
    }
    List<StoredEvent> more = log.read(position, sequence, 0).events();
    more.forEach(event -> given.add(event.publication().data()));
    return given;
  }

  /// Everything after `sequence` in memory.
  List<String> inMemory(long after) {
    return log.read(after, sequence, 0).events().stream()
        .map(event -> event.publication().data())
        .toList();
  }

  /// A client has this position.
  void hold(EventId confirmed) {
    Streams.Position position = new Streams.Position(confirmed, "1.1");
    var _ = store.streams().hold(log.key(), "t:phone", "1.1", position, 6_000_000);
  }
}
