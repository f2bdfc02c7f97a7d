package dev.fanfare.history.shared;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.HistoryStore;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Keeps the events of channels in the engine of the cluster. Any thread.
public final class SharedStore implements HistoryStore, Streams.Listener, AutoCloseable {

  private static final Logger log = Component.CHANNELS.logger();

  /// Channels of which it is remembered that events could not be kept.
  static final int MAX_LOSSES = 10_000;

  private static final int READERS_AT_ONCE = 16;

  /// The client of an engine gives up earlier.
  private static final long PATIENCE_MS = 3_000;

  private final Streams streams;
  private final MemoryStore memory;
  private final InstantSource wall;
  private final long overlapMs;
  private final Semaphore permits = new Semaphore(READERS_AT_ONCE);
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-history-", 0).factory());

  /// Random, for the tickets of this process.
  private final long life = new SecureRandom().nextLong(1, Long.MAX_VALUE);

  private final AtomicLong tickets = new AtomicLong();
  private final SharedPages pages = new SharedPages(this);
  private final Unanswered unanswered;
  private final Confirmations confirmations;
  private final SharedPresence presence;

  /// Channels with events that could not be kept, until the engine knows it.
  private final Map<ChannelKey, Streams.Limits> losses = new ConcurrentSkipListMap<>();

  private final Map<ChannelKey, SharedLog> logs = new ConcurrentSkipListMap<>();
  private final AtomicBoolean isOpen = new AtomicBoolean();
  private volatile @Nullable Readiness readiness;
  private volatile HistoryLinks links = HistoryLinks.NOWHERE;

  /// @param memory has what has arrived at this node
  /// @param overlapMs what a client confirmed that shortly before it left is sent again
  public SharedStore(Streams streams, MemoryStore memory, InstantSource wall, long overlapMs) {
    this(streams, memory, wall, overlapMs, SharedStore::later, NanoClock.SYSTEM);
  }

  /// @param timer says when positions of mailboxes, and joins and leaves, are written
  SharedStore(
      Streams streams,
      MemoryStore memory,
      InstantSource wall,
      long overlapMs,
      Confirmations.Timer timer,
      NanoClock clock) {
    this.streams = streams;
    this.memory = memory;
    this.wall = wall;
    this.overlapMs = overlapMs;
    this.unanswered = new Unanswered(memory);
    this.confirmations = new Confirmations(streams, memory, timer);
    this.presence = new SharedPresence(this, timer, clock, readers);
  }

  /// Begins to connect, unless it has begun before. Until the first connection was made or has
  /// failed, load balancers are asked to choose another node: a client that came before it would be
  /// notified of a gap that there may not be.
  ///
  /// @param outside is called from now on
  public void start(HistoryLinks outside, Readiness ready) {
    if (isOpen.compareAndSet(false, true)) {
      links = outside;
      readiness = ready;
      ready.discourage(Readiness.Cause.HISTORY, "The store of history has not answered yet");
      streams.open(this);
    }
  }

  /// Has subscribers from now on.
  void started(SharedLog added) {
    logs.put(added.key(), added);
  }

  /// Has none any more.
  void stopped(SharedLog removed) {
    logs.remove(removed.key(), removed);
  }

  @Override
  public void onAvailable() {
    note(List.of());
    log.info("history is kept by the engine");
    losses.forEach(this::reportLoss);
    logs.values().forEach(SharedLog::check);
    presence.onAvailable();
  }

  @Override
  public void onUnavailable(String reason) {
    note(List.of("degraded: history is not kept: " + reason + "; events are delivered without it"));
    log.warn("history is not kept: {}", reason);
  }

  private void note(List<String> sentences) {
    Readiness current = readiness;
    if (current != null) {
      current.note(Readiness.Cause.HISTORY, sentences);
      current.allow(Readiness.Cause.HISTORY);
    }
  }

  Streams streams() {
    return streams;
  }

  /// Below everything that the engine has, and above everything that it has lost.
  CompletionStage<EventId> floor() {
    return streams.origin().thenApply(origin -> new EventId(origin.ms() - 1, 0));
  }

  MemoryStore memory() {
    return memory;
  }

  /// Joins and leaves of users.
  public SharedPresence presence() {
    return presence;
  }

  HistoryLinks links() {
    return links;
  }

  SharedPages pages() {
    return pages;
  }

  /// What readers of mailboxes have confirmed.
  Confirmations confirmations() {
    return confirmations;
  }

  long nowMs() {
    return wall.millis();
  }

  long overlapMs() {
    return overlapMs;
  }

  void wake(String appId, String channel) {
    links.wake(appId, channel);
  }

  /// Runs a task that does not block, later.
  static void later(long ms, Runnable task) {
    CompletableFuture.delayedExecutor(ms, TimeUnit.MILLISECONDS).execute(task);
  }

  /// Threads that may take an entry of a channel.
  Executor threads() {
    return readers;
  }

  /// Runs a task that waits for the engine.
  void execute(Runnable task) {
    try {
      readers.execute(() -> {
        permits.acquireUninterruptibly();
        try {
          task.run();
        } finally {
          permits.release();
        }
      });
    } catch (RejectedExecutionException e) {
      // the server is shutting down, and the connection with it
    }
  }

  /// What a stage completes with.
  <T extends @Nullable Object> T await(CompletionStage<T> stage) {
    try {
      return stage.toCompletableFuture().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StreamsUnavailable("interrupted");
    } catch (TimeoutException e) {
      throw new StreamsUnavailable("no answer");
    } catch (ExecutionException e) {
      throw new StreamsUnavailable(String.valueOf(e.getCause()));
    }
  }

  /// A ticket for the next append, which no other one has.
  public EventId ticket() {
    return new EventId(life, tickets.incrementAndGet());
  }

  /// Appends an event of this node.
  public CompletionStage<Streams.Appended> append(
      String appId, HistoryRule rule, Publication event, EventId ticket) {
    byte[] payload = EventCodec.event(event, ticket);
    unanswered.enter(payload.length);
    ChannelKey key = new ChannelKey(appId, event.channel().value());
    return streams
        .append(key, payload, SharedPages.limits(rule), null)
        .whenComplete((_, failure) -> {
          unanswered.exit(payload.length);
          if (failure != null) {
            lose(key, rule);
          }
        });
  }

  /// An event of a channel was delivered, here or by another node, that could not be kept.
  public void lose(ChannelKey key, HistoryRule rule) {
    if (losses.size() < MAX_LOSSES) {
      losses.put(key, SharedPages.limits(rule));
    }
  }

  /// True if the engine does not know yet that events of this channel were lost.
  boolean isLossUnreported(ChannelKey key) {
    return losses.containsKey(key);
  }

  /// Lets those who come back know that events of a channel were lost.
  private void reportLoss(ChannelKey key, Streams.Limits limits) {
    var _ =
        streams
            .append(key, EventCodec.loss(), limits, null)
            .whenComplete((_, failure) -> {
              if (failure == null) {
                losses.remove(key);
              }
            });
  }

  /// An event as it was kept; null if the entry is none.
  @Nullable StoredEvent stored(
      ChannelName channel, HistoryRule rule, Streams.Entry entry, long nowNs) {
    return pages.stored(channel, rule, entry, nowNs);
  }

  @Override
  public boolean isShared() {
    return true;
  }

  @Override
  public EventLog open(App app, ChannelName channel, HistoryRule rule) {
    return new SharedLog(this, app.id(), channel, rule);
  }

  @Override
  public HistoryPage page(
      App app, ChannelName channel, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    return page(channel, new ChannelKey(app.id(), channel.value()), rule, query, nowNs);
  }

  HistoryPage page(
      ChannelName channel, ChannelKey key, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    return read(channel, () -> pages.read(channel, key, rule, query, nowNs));
  }

  /// Reads something of a channel.
  <T> T read(ChannelName channel, Supplier<T> reading) {
    try {
      return reading.get();
    } catch (StreamsUnavailable e) {
      throw new UnreadableHistory("cannot read the history of channel " + channel.value(), e);
    }
  }

  /// Drops everything that the engine keeps of a channel, and notifies all nodes. An entry remains
  /// that says so, for nodes that are not reached. Blocks.
  ///
  /// @param withReaders also the cursors of its readers
  Parsed<Integer> purge(SharedLog purged, boolean withReaders, long nowNs) {
    ChannelName channel = purged.channel();
    ChannelKey key = purged.key();
    HistoryRule rule = purged.rule();
    return answered(() -> {
      SharedPages.Sum sum = pages.count(channel, key, rule, nowNs);
      var _ = await(streams.purge(key));
      Streams.Appended done =
          await(
              streams.append(key, EventCodec.purge(sum.newest()), SharedPages.limits(rule), null));
      losses.remove(key); // what could not be kept is purged, too
      EventId through = sum.newest().equals(EventId.NONE) ? done.id() : sum.newest();
      SharedLog local = logs.get(key);
      if (local != null) {
        local.offer(new Arrival(done.id(), done.previous(), null, through));
      }
      links.purged(key.appId(), channel, through);
      if (withReaders) {
        confirmations.forget(key);
        var _ = await(streams.forgetReaders(key));
      }
      return sum.events();
    });
  }

  /// How many events were purged; fails, without a full stop, if the engine does not answer.
  Parsed<Integer> answered(Supplier<Integer> purge) {
    try {
      return new Parsed.Ok<>(purge.get());
    } catch (StreamsUnavailable e) {
      return new Parsed.Bad<>("the store of history does not answer");
    }
  }

  @Override
  public Parsed<Parsed.Passed> checkRoom() {
    return unanswered.isFull()
        ? new Parsed.Bad<>("too many events wait for the store of history")
        : Parsed.PASSED;
  }

  /// Publishes that wait for the engine. Any thread.
  public int unanswered() {
    return unanswered.count();
  }

  /// Channels with events that could not be kept, of which the engine does not know yet. Any
  /// thread.
  public int losses() {
    return losses.size();
  }

  /// Positions of mailboxes, joins and leaves that wait until the engine has them. Any thread.
  public int unwritten() {
    return confirmations.waiting() + presence.waiting();
  }

  /// Of these, those that were dropped because too many waited. Any thread.
  public long dropped() {
    return confirmations.dropped() + presence.dropped();
  }

  @Override
  public Departed departed() {
    return memory.departed();
  }

  /// Writes what waits before it ends the connection.
  @Override
  public void close() {
    flush(presence.flush());
    readers.shutdown();
    flush(confirmations.flush());
    streams.close();
  }

  private void flush(CompletionStage<Void> written) {
    try {
      var _ = await(written);
    } catch (StreamsUnavailable e) {
      log.warn("positions in mailboxes, or joins and leaves, were not written: {}", e.getMessage());
    }
  }
}
