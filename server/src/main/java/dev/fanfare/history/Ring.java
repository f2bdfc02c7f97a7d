package dev.fanfare.history;

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

  /// A page of the HTTP API ends after that many bytes on the heap.
  private static final int PAGE_BYTES = 1 << 20;

  /// Expired events are dropped that part of `keep_seconds` too late, for many at a time.
  private static final int LATENESS = 16;

  private static final @Nullable StoredEvent[] NONE = new StoredEvent[0];

  final String appId;
  final String channel;
  private final MemoryStore store;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private HistoryRule rule;
  private @Nullable StoredEvent[] items = NONE;
  private int head;
  private int size;

  /// Events that were dropped, so that the index of an event among all that were kept is known.
  private long dropped;

  private long bytes;
  private EventId newestId;

  /// The id of the newest event that was dropped; at first a bound of what was before.
  private EventId lostId;

  private long lostSequence;
  private boolean hasLost;

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
    StoredEvent event;
    long before;
    long after;
    lock.lock();
    try {
      newestId = newestId.next(store.nowMs());
      event =
          new StoredEvent(newestId, publication, sequence, nowNs, rule.eventIds(), rule.idInData());
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

  private void add(StoredEvent event) {
    if (size == items.length) {
      @Nullable StoredEvent[] larger = new StoredEvent[Math.max(4, size + (size >> 1))];
      for (int i = 0; i < size; i++) {
        larger[i] = at(i);
      }
      items = larger;
      head = 0;
    }
    items[(head + size) % items.length] = event;
    size++;
    bytes += event.bytes();
  }

  private StoredEvent at(int index) {
    StoredEvent event = items[(head + index) % items.length];
    if (event == null) {
      throw new IllegalStateException("no event at " + index + " of " + size);
    }
    return event;
  }

  private void trim(long nowNs) {
    while (size > 0
        && (size > rule.keepEvents() || bytes > rule.keepBytes() || isExpired(at(0), nowNs))) {
      dropOldest();
    }
  }

  private void dropOldest() {
    StoredEvent oldest = at(0);
    items[head] = null;
    head = (head + 1) % items.length;
    size--;
    dropped++;
    bytes -= oldest.bytes();
    lostId = oldest.id();
    lostSequence = oldest.sequence();
    hasLost = true;
    if (size == 0) {
      items = NONE;
      head = 0;
    } else if (size < items.length / 4) {
      shrink();
    }
  }

  private void shrink() {
    @Nullable StoredEvent[] smaller = new StoredEvent[items.length / 2];
    for (int i = 0; i < size; i++) {
      smaller[i] = at(i);
    }
    items = smaller;
    head = 0;
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

  /// Drops the oldest events until at least that many bytes are free, or all are. Called by the
  /// store, which accounts for it.
  ///
  /// @return bytes that are free now
  long evict(long wanted) {
    lock.lock();
    try {
      long before = bytes;
      while (size > 0 && before - bytes < wanted) {
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
      return size;
    } finally {
      lock.unlock();
    }
  }

  /// The first event that is not too old; only while the lock is held.
  private int firstFresh(long maxAgeNs, long nowNs) {
    int first = 0;
    while (first < size && nowNs - at(first).keptAtNs() >= maxAgeNs) {
      first++;
    }
    return first;
  }

  @Override
  public long rewind(int events, long maxAgeNs, long nowNs) {
    lock.lock();
    try {
      int first = Math.max(size - events, firstFresh(Math.min(maxAgeNs, keepNs()), nowNs));
      return first < size ? at(first).sequence() - 1 : END;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Resumption resume(Departed.Claim claim, int most) {
    lock.lock();
    try {
      int missed = size - firstAfter(claim.after());
      int first = Math.max(size - most, firstAfter(claim.from()));
      EventId lost = hasLost ? lostId : claim.lost();
      StoredEvent oldest = first < size ? at(first) : null;
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
      int above = firstAbove(sequence);
      if (above > 0) {
        return at(above - 1).id();
      }
      return lostSequence <= sequence ? lostId : null;
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
      for (int i = firstAbove(after); i < size && at(i).sequence() <= through; i++) {
        StoredEvent event = at(i);
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

  /// The index of the first event with a higher id; only while the lock is held.
  private int firstAfter(EventId id) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).id().compareTo(id) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// The index of the first event with a higher sequence; only while the lock is held.
  private int firstAbove(long sequence) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).sequence() > sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  @Override
  public @Nullable StoredEvent newest(long nowNs) {
    lock.lock();
    try {
      return size == 0 || isExpired(at(size - 1), nowNs) ? null : at(size - 1);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public HistoryPage page(HistoryPage.Query query, long nowNs) {
    lock.lock();
    try {
      int fresh = firstFresh(keepNs(), nowNs);
      EventId lost = fresh == 0 ? lostId : at(fresh - 1).id();
      boolean isComplete =
          query.after() == null ? !hasLost && fresh == 0 : query.after().compareTo(lost) >= 0;
      List<StoredEvent> events = new ArrayList<>();
      long taken = 0;
      for (int i = 0; i < size - fresh; i++) {
        StoredEvent event = at(query.isForwards() ? fresh + i : size - 1 - i);
        if (!query.isBelow(event.id()) || !query.isAbove(event.id()) || event.isOver(nowNs)) {
          continue;
        }
        taken += event.bytes();
        if (events.size() == query.limit() || (taken > PAGE_BYTES && !events.isEmpty())) {
          return new HistoryPage(events, isComplete, events.getLast().id());
        }
        events.add(event);
      }
      return new HistoryPage(events, isComplete, null);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public long dueNs() {
    lock.lock();
    try {
      return size == 0 ? END : at(0).keptAtNs() + keepNs() + keepNs() / LATENESS;
    } finally {
      lock.unlock();
    }
  }
}
