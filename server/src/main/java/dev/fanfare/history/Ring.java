package dev.fanfare.history;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The events of one channel in memory, as a ring. Any thread; each method holds the lock for a
/// short time, and the lock of [MemoryStore] is never taken meanwhile.
final class Ring implements EventLog {

  /// Events of one block, so that replays that begin at different events soon share their bytes.
  static final int BLOCK_EVENTS = 32;

  /// Heap bytes after which a block ends.
  private static final int BLOCK_BYTES = 64 * 1_024;

  /// Expired events are dropped that part of `keep_seconds` too late, for many at a time.
  private static final int LATENESS = 16;

  final String appId;
  final String channel;
  private final MemoryStore store;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private HistoryRule rule;
  private final EventRow row = new EventRow();

  /// Events that were dropped, so that the index of an event among all that were kept is known.
  private long dropped;

  private long bytes;
  private volatile EventId newestId;

  /// The sequence of the newest event of an earlier process; 0 if there is none.
  private long floor;

  /// The id of the newest event that was dropped; at first a bound of what was before.
  private EventId lostId;

  private long lostSequence;
  private boolean hasLost;

  /// Everything up to this event was purged. Written while the lock is held.
  private volatile EventId purged = EventId.NONE;

  /// @param bound no event of the channel had a higher id until now
  Ring(String appId, String channel, HistoryRule rule, MemoryStore store, EventId bound) {
    this.appId = appId;
    this.channel = channel;
    this.rule = rule;
    this.store = store;
    this.newestId = bound;
    this.lostId = bound;
  }

  @Override
  public StoredEvent append(Publication publication, long sequence, long nowNs) {
    EventId last = PresenceEvents.isLog(channel) ? store.notBelow(newestId) : newestId;
    return append(last.next(store.nowMs()), publication, sequence, nowNs);
  }

  @Override
  public StoredEvent append(EventId id, Publication publication, long sequence, long nowNs) {
    StoredEvent event;
    long before;
    long after;
    lock.lock();
    try {
      newestId = id;
      event = new StoredEvent(id, publication, sequence, nowNs, rule.eventIds(), rule.idInData());
      before = bytes;
      add(event);
      trim(nowNs);
      after = bytes;
    } finally {
      lock.unlock();
    }
    store.kept(this, before, after);
    return event;
  }

  /// Takes what an earlier process has kept. Called once, before anything else.
  void restore(Inherited.Channel kept, long nowNs) {
    long after;
    lock.lock();
    try {
      for (StoredEvent event : kept.events()) {
        floor++;
        add(
            new StoredEvent(
                event.id(),
                event.publication(),
                floor,
                event.keptAtNs(),
                event.showsId(),
                event.idInData()));
      }
      newestId = kept.newest().compareTo(newestId) > 0 ? kept.newest() : newestId;
      lostId = kept.lost();
      hasLost = kept.hasLost();
      trim(nowNs);
      after = bytes;
    } finally {
      lock.unlock();
    }
    store.restored(this, after);
  }

  @Override
  public long floor() {
    lock.lock();
    try {
      return floor;
    } finally {
      lock.unlock();
    }
  }

  /// What the next process may keep; null if its rule keeps it elsewhere.
  Inherited.@Nullable Channel kept() {
    lock.lock();
    try {
      return rule.store() == HistoryRule.Store.MEMORY
          ? new Inherited.Channel(
              new ChannelKey(appId, channel), row.all(), newestId, lostId, hasLost)
          : null;
    } finally {
      lock.unlock();
    }
  }

  private void add(StoredEvent event) {
    row.add(event);
    bytes += event.bytes();
  }

  private void trim(long nowNs) {
    while (row.size() > 0
        && (row.size() > rule.keepEvents()
            || bytes > rule.keepBytes()
            || isExpired(row.at(0), nowNs))) {
      dropOldest();
    }
  }

  private void dropOldest() {
    StoredEvent oldest = row.removeFirst();
    dropped++;
    bytes -= oldest.bytes();
    lostId = oldest.id();
    lostSequence = oldest.sequence();
    hasLost = true;
  }

  private boolean isExpired(StoredEvent event, long nowNs) {
    return nowNs - event.keptAtNs() >= keepNs();
  }

  private long keepNs() {
    return TimeUnit.SECONDS.toNanos(rule.keepSeconds());
  }

  @Override
  public void apply(HistoryRule changed, long nowNs) {
    lock.lock();
    try {
      rule = changed;
    } finally {
      lock.unlock();
    }
    expire(nowNs);
  }

  @Override
  public void expire(long nowNs) {
    long before;
    long after;
    lock.lock();
    try {
      before = bytes;
      trim(nowNs);
      after = bytes;
    } finally {
      lock.unlock();
    }
    store.released(this, before - after);
  }

  @Override
  public Purge purge(boolean withReaders, long nowNs) {
    Purge purge;
    int events = 0;
    lock.lock();
    try {
      for (int i = row.firstFresh(keepNs(), nowNs); i < row.size(); i++) {
        events += row.at(i).isOver(nowNs) ? 0 : 1;
      }
      EventId oldest = row.size() == 0 ? null : row.at(0).id();
      purge = new Purge(newestId, oldest, events, bytes, Purge.NOTHING);
      purged = newestId;
      dropped += row.size();
      row.clear();
      bytes = 0;
      lostSequence = 0;
      hasLost = false; // readers are not notified of it
    } finally {
      lock.unlock();
    }
    store.released(this, purge.bytes());
    store.purged(events);
    return purge;
  }

  /// Drops the joins and leaves of a user.
  ///
  /// @param through the ids of later ones are higher
  /// @return how many that is, if the rule keeps them only here
  int forget(String userId, EventId through, long nowNs) {
    expire(nowNs);
    long freed;
    int events;
    lock.lock();
    try {
      int before = row.size();
      freed = row.removeIf(event -> userId.equals(event.publication().userId()));
      events = before - row.size();
      bytes -= freed;
      dropped += events;
      newestId = through.compareTo(newestId) > 0 ? through : newestId;
      events = rule.store() == HistoryRule.Store.MEMORY ? events : 0;
    } finally {
      lock.unlock();
    }
    store.released(this, freed);
    return events;
  }

  /// At least the id of every event.
  EventId newestId() {
    return newestId;
  }

  @Override
  public EventId purged() {
    return purged;
  }

  /// Drops the oldest events until at least that many bytes are free, or all are. Called by the
  /// store, which accounts for it.
  ///
  /// @return bytes that are free now
  long evict(long wanted) {
    lock.lock();
    try {
      long before = bytes;
      while (row.size() > 0 && before - bytes < wanted) {
        dropOldest();
      }
      return before - bytes;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public EventId close() {
    store.released(this, evict(Long.MAX_VALUE));
    EventId bound;
    EventId lost;
    lock.lock();
    try {
      bound = newestId;
      lost = hasLost ? lostId : EventId.NONE;
    } finally {
      lock.unlock();
    }
    store.closed(this, bound);
    return lost;
  }

  /// Events that are kept, expired or not.
  int size() {
    lock.lock();
    try {
      return row.size();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long rewind(int events, long maxAgeNs, long nowNs) {
    lock.lock();
    try {
      int first =
          Math.max(row.size() - events, row.firstFresh(Math.min(maxAgeNs, keepNs()), nowNs));
      return first < row.size() ? row.at(first).sequence() - 1 : END;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Resumption resume(Departed.Claim claim, int most) {
    lock.lock();
    try {
      int missed = row.size() - row.firstAfter(claim.after());
      int first = Math.max(row.size() - most, row.firstAfter(claim.from()));
      EventId lost = hasLost ? lostId : claim.lost();
      StoredEvent oldest = first < row.size() ? row.at(first) : null;
      Gap.Reason reason =
          lost.compareTo(claim.after()) > 0
              ? Gap.Reason.EXPIRED
              : missed > most ? Gap.Reason.TOO_MANY : null;
      return new Resumption(
          oldest == null ? END : oldest.sequence() - 1,
          reason == null
              ? null
              : new Gap(reason, claim.after(), oldest == null ? null : oldest.id()));
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable EventId idAt(long sequence) {
    lock.lock();
    try {
      int above = row.firstAbove(sequence);
      return above > 0 ? row.at(above - 1).id() : lostSequence <= sequence ? lostId : null;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Block read(long after, long through, long nowNs) {
    lock.lock();
    try {
      List<StoredEvent> events = new ArrayList<>(BLOCK_EVENTS);
      long taken = 0;
      for (int i = row.firstAbove(after); i < row.size() && row.at(i).sequence() <= through; i++) {
        StoredEvent event = row.at(i);
        if (event.isOver(nowNs)) {
          continue;
        }
        taken += event.bytes();
        events.add(event);
        if ((dropped + i + 1) % BLOCK_EVENTS == 0 || taken > BLOCK_BYTES) {
          break;
        }
      }
      return new Block(events, lostSequence);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public @Nullable StoredEvent newest(long nowNs) {
    lock.lock();
    try {
      StoredEvent newest = row.size() == 0 ? null : row.at(row.size() - 1);
      return newest == null || isExpired(newest, nowNs) ? null : newest;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public HistoryPage page(HistoryPage.Query query, long nowNs) {
    lock.lock();
    try {
      int fresh = row.firstFresh(keepNs(), nowNs);
      EventId lost = fresh == 0 ? lostId : row.at(fresh - 1).id();
      boolean isComplete =
          query.after() == null ? !hasLost && fresh == 0 : query.after().compareTo(lost) >= 0;
      return HistoryPage.of(row.from(fresh), query, isComplete, nowNs);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long dueNs() {
    lock.lock();
    try {
      return row.size() == 0 ? END : row.at(0).keptAtNs() + keepNs() + keepNs() / LATENESS;
    } finally {
      lock.unlock();
    }
  }
}
