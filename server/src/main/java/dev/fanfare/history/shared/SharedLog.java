package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.Purge;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Publication;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What one channel of a cluster keeps: everything in the engine, and in memory what has arrived
/// since this node has subscribers. [#start], [#stop], [#take], [#purge] and [#drop] are called
/// only while the channel's entry is held; the lock is never held while the engine or a lane is
/// called.
public final class SharedLog extends RecentLog {

  /// Entries that are read at once.
  static final int PAGE = 32;

  /// For how long an entry that is missing may still come over the links.
  private static final long HOLE_MS = 50;

  private static final long RETRY_MS = 500;

  /// Events delivered without an id that are recognised if the engine has them all the same.
  static final int MAX_DELIVERED = 1_000;

  private final SharedStore store;
  private final String appId;
  private final ChannelName channel;
  private final ChannelKey key;
  private final SharedArchive archive;

  /// Connections that began while the engine was away, so that it knows an older position.
  private final Set<String> unclaimed = new ConcurrentSkipListSet<>();

  // Guarded by the lock.
  private final Sequencer sequencer = new Sequencer();

  /// Tickets of events that were delivered without an id, the newest last.
  private final SequencedSet<EventId> delivered = new LinkedHashSet<>(0);

  private boolean isStarted;
  private boolean isReading;
  private long start;
  private CompletableFuture<EventId> begun = new CompletableFuture<>();

  SharedLog(SharedStore store, String appId, ChannelName channel, HistoryRule rule) {
    super(rule);
    this.store = store;
    this.appId = appId;
    this.channel = channel;
    this.key = new ChannelKey(appId, channel.value());
    this.archive = new SharedArchive(store, this);
  }

  ChannelKey key() {
    return key;
  }

  ChannelName channel() {
    return channel;
  }

  Set<String> unclaimed() {
    return unclaimed;
  }

  /// How long the cursor of a reader is kept that does not come back.
  long cursorMs() {
    return TimeUnit.SECONDS.toMillis(rule().keepSeconds());
  }

  /// The node has its first subscriber: from now on, everything that is appended is passed on.
  public void start() {
    long own =
        locked(() -> {
          isStarted = true;
          begun = new CompletableFuture<>();
          return ++start;
        });
    store.started(this);
    askHead(own);
  }

  /// The engine can be reached again. Reads what may have been appended meanwhile.
  void check() {
    long own =
        locked(() -> {
          sequencer.doubt();
          return isStarted && recent.ring() == null ? start : 0L;
        });
    if (own == 0) {
      wake();
    } else {
      askHead(own);
    }
  }

  private void askHead(long own) {
    CompletionStage<EventId> head =
        store
            .streams()
            .range(key, EventId.NONE, Streams.END, 1, false)
            .thenCompose(found ->
                found.isEmpty() // there is an entry to go on after, all the same
                    ? store.floor()
                    : CompletableFuture.completedStage(found.getFirst().id()));
    var _ =
        head.whenCompleteAsync( // an entry of the channel is held here
            (found, failure) -> {
              if (failure == null) {
                begin(own, found);
              } else if (fail(own)) {
                SharedStore.later(
                    RETRY_MS,
                    () -> {
                      if (isCurrent(own)) {
                        askHead(own);
                      }
                    });
              }
            },
            store.threads());
  }

  /// The engine is away: who comes now does not wait for it.
  private boolean fail(long own) {
    CompletableFuture<EventId> failed =
        locked(() -> isStarted && start == own && recent.ring() == null ? begun : null);
    if (failed == null) {
      return false;
    }
    failed.completeExceptionally(new StreamsUnavailable("the store is away"));
    return true;
  }

  private boolean isCurrent(long own) {
    return locked(() -> isStarted && start == own && recent.ring() == null);
  }

  private void begin(long own, EventId head) {
    lock.lock();
    try {
      if (!isStarted || start != own || recent.ring() != null) {
        return;
      }
      begun = begun.isDone() ? new CompletableFuture<>() : begun;
      EventId base = sequencer.begin(head);
      recent.begin(store.memory().open(appId, channel.value(), rule(), base), base);
    } finally {
      lock.unlock();
    }
    wake();
  }

  void wake() {
    store.wake(appId, channel.value());
  }

  /// The node has lost its last subscriber.
  public void stop() {
    EventLog ended =
        locked(() -> {
          isStarted = false;
          start++;
          sequencer.reset();
          delivered.clear();
          begun.completeExceptionally(new StreamsUnavailable("the last subscriber has gone"));
          return recent.end();
        });
    unclaimed.clear();
    store.stopped(this);
    if (ended != null) {
      var _ = ended.close();
    }
  }

  /// An entry has arrived from the engine or over a link. Any thread. [SharedStore#wake] passes it
  /// on.
  public void offer(Arrival arrival) {
    lock.lock();
    try {
      if (isStarted) {
        sequencer.offer(arrival);
      }
    } finally {
      lock.unlock();
    }
  }

  /// An entry has been read from the engine.
  void offer(Streams.Entry entry) {
    lock.lock();
    try {
      offer(Arrival.of(channel, entry, delivered));
    } finally {
      lock.unlock();
    }
  }

  /// An event is about to be delivered without an id, although the engine may have it.
  ///
  /// @param ticket of its append
  public void delivered(EventId ticket) {
    lock.lock();
    try {
      if (isStarted && delivered.add(ticket) && delivered.size() > MAX_DELIVERED) {
        var _ = delivered.removeFirst();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Takes the next event to deliver, and keeps it in memory; null if there is none yet.
  ///
  /// @param sequence of the channel, higher than all before
  public @Nullable StoredEvent take(long sequence, long nowNs) {
    lock.lock();
    try {
      EventLog log = recent.ring();
      if (recent.open(sequence)) {
        begun.complete(recent.base());
      }
      return log == null ? null : takeAfter(log, sequence, nowNs);
    } finally {
      lock.unlock();
    }
  }

  private @Nullable StoredEvent takeAfter(EventLog log, long sequence, long nowNs) {
    Arrival next = sequencer.next();
    while (next != null) {
      Publication event = next.event();
      if (event != null) {
        return recent.append(log, next, event, sequence, nowNs);
      }
      if (next.purged() != null) {
        drop(next.purged(), nowNs);
      }
      next = sequencer.next();
    }
    if (sequencer.mustRead() && !isReading) {
      isReading = true;
      long own = start;
      SharedStore.later(HOLE_MS, () -> fill(own));
    }
    return null;
  }

  /// Reads what is missing, unless it has come meanwhile.
  private void fill(long own) {
    EventId after;
    lock.lock();
    try {
      after = sequencer.newest();
      if (start != own || after == null || !sequencer.mustRead()) {
        isReading = false;
        return;
      }
    } finally {
      lock.unlock();
    }
    var _ =
        store
            .streams()
            .range(key, after, Streams.END, PAGE, true)
            .whenComplete((found, failure) -> {
              if (failure == null) {
                read(own, after, found);
              } else {
                SharedStore.later(RETRY_MS, () -> fill(own));
              }
            });
  }

  private void read(long own, EventId after, List<Streams.Entry> found) {
    boolean isAll = found.size() < PAGE;
    lock.lock();
    try {
      isReading = false;
      if (start == own) {
        sequencer.read(
            after,
            found.stream().map(entry -> Arrival.of(channel, entry, delivered)).toList(),
            isAll);
      }
    } finally {
      lock.unlock();
    }
    wake();
  }

  /// The last entry that was passed on; waits until it is known.
  EventId newest() {
    EventId began = store.await(begun());
    EventId newest = locked(sequencer::newest);
    return newest == null ? began : newest;
  }

  CompletableFuture<EventId> begun() {
    return locked(() -> begun);
  }

  @Override
  public Archive archive() {
    return archive;
  }

  @Override
  public EventId close() {
    stop();
    return EventId.NONE; // the engine keeps everything
  }

  @Override
  public HistoryPage page(HistoryPage.Query query, long nowNs) {
    return store.page(channel, key, rule(), query, nowNs);
  }

  /// The engine drops everything once the purge is awaited, and then the other nodes are notified.
  @Override
  public Purge purge(boolean withReaders, long nowNs) {
    EventId newest = locked(sequencer::newest);
    EventId through = newest == null ? EventId.NONE : newest;
    drop(through, nowNs);
    return new Purge(through, null, 0, 0, () -> store.purge(this, withReaders, nowNs));
  }
}
