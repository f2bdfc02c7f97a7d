package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What readers of mailboxes have confirmed, until the engine has it. Lanes only leave a note here;
/// every [#PAUSE_MS], what has come together is written, one call for each channel and [#AT_ONCE]
/// calls at a time. What a node has not written when it is killed is sent again to the readers that
/// come back. Any thread; the lock is never held while the engine is called.
final class Confirmations {

  /// Notes that may wait; above that, those of the channel that waits longest are dropped.
  static final int MAX = 20_000;

  /// What a note takes on the heap, with its places in maps.
  static final int NOTE_BYTES = 400;

  /// Channels that are written at the same time.
  static final int AT_ONCE = 64;

  static final long PAUSE_MS = 200;

  /// After a failure.
  static final long RETRY_MS = 1_000;

  /// Runs a task that does not block, later.
  @FunctionalInterface
  interface Timer {
    void after(long ms, Runnable task);
  }

  /// The position of a session, which is written after the cursor of its reader: as it is by then.
  @FunctionalInterface
  interface Session extends Supplier<CompletionStage<Void>> {}

  /// The notes of one channel. Guarded by the lock until they are written.
  private static final class Notes {
    final Map<String, EventId> readers = new TreeMap<>();
    final Map<String, Session> sessions = new TreeMap<>();
    long ttlMs;

    int size() {
      return readers.size() + sessions.size();
    }

    void add(Notes older) {
      older.readers.forEach(this::add);
      older.sessions.forEach(sessions::putIfAbsent);
      ttlMs = Math.max(ttlMs, older.ttlMs);
    }

    void add(String reader, EventId confirmed) {
      readers.merge(reader, confirmed, (one, other) -> one.compareTo(other) < 0 ? other : one);
    }
  }

  private final Streams streams;
  private final MemoryStore memory;
  private final Timer timer;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final SequencedMap<ChannelKey, Notes> waiting = new LinkedHashMap<>();

  /// What is written now, the next first.
  private final SequencedMap<ChannelKey, Notes> batch = new LinkedHashMap<>();

  private int count;
  private long dropped;
  private int underWay;
  private boolean isScheduled;
  private boolean isSending;
  private @Nullable CompletableFuture<Void> idle;

  /// @param memory in which the notes are
  Confirmations(Streams streams, MemoryStore memory, Timer timer) {
    this.streams = streams;
    this.memory = memory;
    this.timer = timer;
  }

  /// A reader has confirmed everything up to an event, or was there a moment ago.
  ///
  /// @param ttlMs for how long its cursor is kept
  void add(ChannelKey key, String reader, EventId confirmed, long ttlMs) {
    add(
        key,
        notes -> {
          notes.add(reader, confirmed);
          notes.ttlMs = ttlMs;
        });
  }

  /// The position of a session has changed.
  ///
  /// @param socketId its connection
  void add(ChannelKey key, String socketId, Session session) {
    add(key, notes -> notes.sessions.put(socketId, session));
  }

  private void add(ChannelKey key, Consumer<Notes> change) {
    boolean mustSchedule;
    lock.lock();
    try {
      Notes notes = waiting.computeIfAbsent(key, _ -> new Notes());
      int before = notes.size();
      change.accept(notes);
      count(notes.size() - before);
      while (count > MAX && drop(batch.isEmpty() ? waiting : batch)) {
        // the next one
      }
      mustSchedule = schedules();
    } finally {
      lock.unlock();
    }
    if (mustSchedule) {
      timer.after(PAUSE_MS, this::write);
    }
  }

  private void count(int more) {
    count += more;
    if (more >= 0) {
      memory.hold((long) more * NOTE_BYTES);
    } else {
      memory.release((long) -more * NOTE_BYTES);
    }
  }

  private boolean drop(SequencedMap<ChannelKey, Notes> from) {
    Map.Entry<ChannelKey, Notes> eldest = from.pollFirstEntry();
    if (eldest == null) {
      return false;
    }
    dropped += eldest.getValue().size();
    count(-eldest.getValue().size());
    return true;
  }

  /// True if the caller must start the timer. With the lock.
  private boolean schedules() {
    boolean isDue = !isScheduled && !waiting.isEmpty();
    isScheduled |= isDue;
    return isDue;
  }

  private void write() {
    lock.lock();
    try {
      isScheduled = false;
      waiting.forEach(this::enqueue);
      waiting.clear();
    } finally {
      lock.unlock();
    }
    send();
  }

  private void enqueue(ChannelKey key, Notes notes) {
    Notes queued = batch.putIfAbsent(key, notes);
    if (queued != null) {
      merge(queued, notes);
    }
  }

  private void merge(Notes into, Notes other) {
    int before = into.size() + other.size();
    into.add(other);
    count(into.size() - before);
  }

  /// A client of this channel may be about to come back to another node.
  void hurry(ChannelKey key) {
    lock.lock();
    try {
      Notes notes = waiting.remove(key);
      Notes queued = batch.remove(key);
      if (notes != null && queued != null) {
        merge(notes, queued);
      }
      Notes all = notes == null ? queued : notes;
      if (all != null) {
        batch.putFirst(key, all);
      }
    } finally {
      lock.unlock();
    }
    send();
  }

  /// Writes everything. Completes when that was done, or has failed.
  CompletionStage<Void> flush() {
    CompletableFuture<Void> over;
    lock.lock();
    try {
      over = idle == null ? new CompletableFuture<>() : idle;
      idle = over;
    } finally {
      lock.unlock();
    }
    write();
    return over;
  }

  /// Starts as many calls as there is room for.
  private void send() {
    lock.lock();
    try {
      if (isSending) {
        return; // the one that is at it goes on
      }
      isSending = true;
    } finally {
      lock.unlock();
    }
    Map.Entry<ChannelKey, Notes> next = next();
    while (next != null) {
      send(next.getKey(), next.getValue());
      next = next();
    }
  }

  private Map.@Nullable Entry<ChannelKey, Notes> next() {
    CompletableFuture<Void> over = null;
    lock.lock();
    try {
      if (underWay < AT_ONCE && !batch.isEmpty()) {
        underWay++;
        return batch.pollFirstEntry();
      }
      isSending = false;
      if (underWay == 0 && idle != null) {
        over = idle;
        idle = null;
      }
    } finally {
      lock.unlock();
    }
    if (over != null) {
      var _ = over.complete(null);
    }
    return null;
  }

  private void send(ChannelKey key, Notes notes) {
    CompletionStage<Void> stage =
        notes.readers.isEmpty()
            ? CompletableFuture.completedStage(null)
            : streams.seen(key, notes.readers, notes.ttlMs);
    for (Session session : notes.sessions.values()) {
      stage = stage.thenCompose(_ -> session.get());
    }
    var _ =
        stage.whenComplete((_, failure) -> {
          if (failure == null) {
            done(notes);
          } else {
            failed(key, notes);
          }
          send();
        });
  }

  private void done(Notes notes) {
    lock.lock();
    try {
      underWay--;
      count(-notes.size());
    } finally {
      lock.unlock();
    }
  }

  /// The engine is away: everything waits again.
  private void failed(ChannelKey key, Notes notes) {
    boolean mustSchedule;
    lock.lock();
    try {
      underWay--;
      restore(key, notes);
      batch.forEach(this::restore);
      batch.clear();
      mustSchedule = schedules();
    } finally {
      lock.unlock();
    }
    if (mustSchedule) {
      timer.after(RETRY_MS, this::write);
    }
  }

  private void restore(ChannelKey key, Notes notes) {
    Notes newer = waiting.putIfAbsent(key, notes);
    if (newer != null) {
      merge(newer, notes);
    }
  }

  /// The readers of a channel are forgotten.
  void forget(ChannelKey key) {
    lock.lock();
    try {
      for (Map<ChannelKey, Notes> each : List.of(waiting, batch)) {
        Notes notes = each.remove(key);
        count(notes == null ? 0 : -notes.size());
      }
    } finally {
      lock.unlock();
    }
  }

  /// Notes that wait.
  int waiting() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// Notes that were dropped, because too many waited.
  long dropped() {
    lock.lock();
    try {
      return dropped;
    } finally {
      lock.unlock();
    }
  }
}
