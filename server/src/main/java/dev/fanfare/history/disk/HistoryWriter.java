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
final class HistoryWriter implements AutoCloseable {

  /// Records that may wait.
  static final int MAX_RECORDS = 65_536;

  /// Bytes that may wait.
  static final long MAX_BYTES = 8L << 20;

  /// Seconds between two attempts while a disk fails.
  static final long RETRY_SECONDS = 10;

  private static final long IDLE_NS = TimeUnit.SECONDS.toNanos(1);

  /// Something to write for a rule, or to do after everything before it was written.
  private record Item(
      @Nullable RuleLog log,
      @Nullable SegmentRecord what,
      int bytes,
      @Nullable CompletableFuture<Boolean> written) {}

  private final InstantSource wall;
  private final NanoClock clock;
  private final long syncNs;
  private final List<RuleLog> logs = new CopyOnWriteArrayList<>();
  private final Vital vital = new Vital("fanfare-history");
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by the lock.
  private List<Item> queue = new ArrayList<>();
  private long waitingBytes;
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
    put(new Item(log, null, 0, null));
  }

  /// Fails, without a full stop, if too much waits to be written. While the disk fails, nothing is
  /// refused.
  Parsed<Parsed.Passed> checkRoom() {
    lock.lock();
    try {
      if (queue.size() >= MAX_RECORDS) {
        return new Parsed.Bad<>(
            queue.size() + " events wait to be written to the disk, the limit is " + MAX_RECORDS);
      }
      return waitingBytes < MAX_BYTES
          ? Parsed.PASSED
          : new Parsed.Bad<>(
              "events that wait to be written to the disk take "
                  + waitingBytes
                  + " bytes, the limit is "
                  + MAX_BYTES);
    } finally {
      lock.unlock();
    }
  }

  /// Writes a record soon. Never blocks.
  ///
  /// @param bytes about its size
  void offer(RuleLog log, SegmentRecord what, int bytes) {
    put(new Item(log, what, bytes, null));
  }

  /// Completes when everything that was offered before is written; with false if some of it could
  /// not be.
  CompletableFuture<Boolean> written() {
    CompletableFuture<Boolean> written = new CompletableFuture<>();
    put(new Item(null, null, 0, written));
    return written;
  }

  private void put(Item item) {
    lock.lock();
    try {
      queue.add(item);
      waitingBytes += item.bytes;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    boolean isOver = false;
    while (!isOver) {
      List<Item> batch = take();
      vital.busy();
      if (!batch.isEmpty()) {
        write(batch);
      }
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
      return isClosing && queue.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /// Waits for something to write, or until it is time for other work.
  private List<Item> take() {
    lock.lock();
    try {
      long leftNs = syncNs == 0 ? IDLE_NS : Math.min(IDLE_NS, syncNs);
      while (queue.isEmpty() && !isClosing && leftNs > 0) {
        leftNs = changed.awaitNanos(leftNs);
      }
      List<Item> batch = queue;
      queue = new ArrayList<>();
      waitingBytes = 0;
      return batch;
    } catch (InterruptedException e) {
      return List.of(); // nothing interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  private void write(List<Item> batch) {
    Map<RuleLog, List<SegmentRecord>> byLog = new LinkedHashMap<>();
    for (Item item : batch) {
      if (item.log != null) {
        List<SegmentRecord> records = byLog.computeIfAbsent(item.log, _ -> new ArrayList<>());
        if (item.what != null) {
          records.add(item.what);
        }
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
      for (Item item : batch) {
        if (item.written != null) {
          item.written.complete(isWritten);
        }
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
