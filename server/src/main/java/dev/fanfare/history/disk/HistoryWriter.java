package dev.fanfare.history.disk;

import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import dev.fanfare.protocol.Parsed;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The thread that writes history, `fanfare-history`. Everything that waits for one rule is one
/// write. [#offer] never waits; callers ask for room before they accept an event.
///
/// It is woken as rarely as possible: by those who wait for a write ([#written]), by [#wake], and
/// once much waits; else it looks after a second.
final class HistoryWriter implements AutoCloseable {

  /// Records that may wait.
  static final int MAX_RECORDS = 65_536;

  /// Bytes that may wait.
  static final long MAX_BYTES = 8L << 20;

  /// Seconds between two attempts while a disk fails.
  static final long RETRY_SECONDS = 10;

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);

  /// Records that wait at most until the thread is woken.
  private static final int MANY_RECORDS = 1_024;

  /// Something to write for a rule; null to open its files only.
  private record Item(RuleLog log, @Nullable SegmentRecord what) {}

  /// What is written at once.
  private static final class Batch {
    private final List<Item> items = new ArrayList<>();
    private long bytes;

    /// Completes when it is written; null if no caller waits for that.
    private @Nullable CompletableFuture<Boolean> written;
  }

  private final InstantSource wall;
  private final NanoClock clock;
  private final long syncNs;
  private final List<RuleLog> logs = new CopyOnWriteArrayList<>();
  private final Vital vital = new Vital("fanfare-history");
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private Batch next = new Batch();
  private boolean isAwaited;
  private boolean isClosing;

  // Confined to the thread.
  private long syncedNs;
  private long maintainedNs;
  private long retriedNs;

  HistoryWriter(InstantSource wall, NanoClock clock, long syncNs) {
    this.wall = wall;
    this.clock = clock;
    this.syncNs = syncNs;
    this.thread =
        Thread.ofPlatform()
            .name("fanfare-history")
            .daemon()
            .unstarted(() -> vital.keepAlive(this::run));
  }

  void start() {
    thread.start();
  }

  Vital vital() {
    return vital;
  }

  /// Opens a log soon, and maintains it from now on.
  void add(RuleLog log) {
    logs.add(log);
    offer(log, null, 0);
    wake();
  }

  /// Fails, without a full stop, if too much waits to be written. While the disk fails, nothing is
  /// refused.
  Parsed<Parsed.Passed> checkRoom() {
    lock.lock();
    try {
      if (next.items.size() >= MAX_RECORDS) {
        return new Parsed.Bad<>(
            next.items.size()
                + " events wait to be written to the disk, the limit is "
                + MAX_RECORDS);
      }
      return next.bytes < MAX_BYTES
          ? Parsed.PASSED
          : new Parsed.Bad<>(
              "events that wait to be written to the disk take "
                  + next.bytes
                  + " bytes, the limit is "
                  + MAX_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /// Writes a record within a second, or with the next one that is waited for. Never blocks.
  ///
  /// @param what null to open the files only
  /// @param bytes about its size
  void offer(RuleLog log, @Nullable SegmentRecord what, int bytes) {
    lock.lock();
    try {
      next.items.add(new Item(log, what));
      next.bytes += bytes;
      if (next.items.size() == MANY_RECORDS) {
        wakeLocked();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Writes what waits now. Never blocks.
  void wake() {
    lock.lock();
    try {
      wakeLocked();
    } finally {
      lock.unlock();
    }
  }

  private void wakeLocked() {
    if (!isAwaited) {
      isAwaited = true;
      changed.signal();
    }
  }

  /// Completes when everything that was offered before is written; with false if some of it could
  /// not be. The same for all who ask before the next write.
  CompletableFuture<Boolean> written() {
    lock.lock();
    try {
      CompletableFuture<Boolean> written = next.written;
      if (written == null) {
        written = new CompletableFuture<>();
        next.written = written;
        wakeLocked();
      }
      return written;
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean isOver = false;
    while (!isOver) {
      Batch batch = take();
      vital.busy();
      write(batch);
      long nowNs = clock.nanoTime();
      if (nowNs - maintainedNs >= IDLE_NS) {
        maintainedNs = nowNs;
        for (RuleLog log : logs) {
          log.maintain(wall.millis(), nowNs);
          log.clean(nowNs);
        }
      }
      if (nowNs - syncedNs >= syncNs) {
        syncedNs = nowNs;
        logs.forEach(log -> log.sync(nowNs));
      }
      retry(nowNs);
      vital.idle();
      isOver = isOver();
    }
    logs.forEach(log -> log.close(clock.nanoTime()));
  }

  private boolean isOver() {
    lock.lock();
    try {
      return isClosing && next.items.isEmpty() && next.written == null;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until there is something to write, or until it is time for other work.
  private Batch take() {
    lock.lock();
    try {
      long leftNs = syncNs == 0 ? IDLE_NS : Math.min(IDLE_NS, syncNs);
      while (!isAwaited && !isClosing && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      isAwaited = false;
      Batch batch = next;
      next = new Batch();
      return batch;
    } catch (InterruptedException e) {
      return new Batch(); // nothing interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  private void write(Batch batch) {
    Map<RuleLog, List<SegmentRecord>> byLog = new LinkedHashMap<>();
    for (Item item : batch.items) {
      List<SegmentRecord> records = byLog.computeIfAbsent(item.log, _ -> new ArrayList<>());
      if (item.what != null) {
        records.add(item.what);
      }
    }
    boolean isWritten = true;
    try {
      for (Map.Entry<RuleLog, List<SegmentRecord>> each : byLog.entrySet()) {
        RuleLog log = each.getKey();
        if (log.isFailing()) {
          log.postpone(each.getValue());
          isWritten = false;
        } else {
          isWritten &= log.write(each.getValue(), wall.millis(), clock.nanoTime());
        }
        if (syncNs == 0) {
          log.sync(clock.nanoTime());
        }
      }
    } finally {
      if (batch.written != null) {
        batch.written.complete(isWritten);
      }
    }
  }

  private void retry(long nowNs) {
    if (nowNs - retriedNs >= TimeUnit.SECONDS.toNanos(RETRY_SECONDS)) {
      retriedNs = nowNs;
      for (RuleLog log : logs) {
        if (log.isFailing() || log.segments() == null) {
          var _ = log.write(List.of(), wall.millis(), nowNs);
        }
      }
    }
  }

  /// Writes everything that waits, and ends the thread.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosing = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
    boolean isInterrupted = false;
    try {
      thread.join(TimeUnit.SECONDS.toMillis(RETRY_SECONDS));
    } catch (InterruptedException e) {
      isInterrupted = true;
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
