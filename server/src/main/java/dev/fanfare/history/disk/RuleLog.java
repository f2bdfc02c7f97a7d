package dev.fanfare.history.disk;

import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.observe.Component;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The files of one rule. While they cannot be written, records wait here, and the oldest are
/// dropped if they are too many. Written by one thread, read by any.
final class RuleLog {

  /// Takes the lock of a folder, unless this process has it.
  interface Lock {
    void take() throws IOException;
  }

  private static final Logger log = Component.CHANNELS.logger();

  private static final long LOG_NS = TimeUnit.MINUTES.toNanos(1);

  private final Path folder;
  private final long diskBytes;
  private final Lock lock;
  private final ReentrantLock opening = new ReentrantLock();
  private final List<SegmentRecord> unwritten = new ArrayList<>();
  private boolean isFailureLogged;
  private long loggedNs;
  private long cutShortLogged;
  private long cleanAfterNs;

  private volatile @Nullable SegmentLog segments;
  private volatile long keepSeconds;
  private volatile boolean isFailing;
  private final LongAdder lost = new LongAdder();

  /// Up to which events channels were purged, while that is not written yet.
  private final ConcurrentMap<String, EventId> purges = new ConcurrentHashMap<>();

  /// @param lock of the folder, taken before its files are opened
  RuleLog(Path folder, long diskBytes, long keepSeconds, Lock lock) {
    this.folder = folder;
    this.diskBytes = diskBytes;
    this.keepSeconds = keepSeconds;
    this.lock = lock;
  }

  /// Opens the files, if they are not open yet. Any thread: at the start, that of the server opens
  /// them while the one that writes may be about to.
  SegmentLog open() throws IOException {
    SegmentLog known = segments;
    if (known != null) {
      return known;
    }
    opening.lock();
    try {
      SegmentLog open = segments;
      if (open == null) {
        lock.take();
        open = SegmentLog.open(folder, diskBytes);
        open.damages().forEach(damage -> log.error("history: {}", damage));
        segments = open;
      }
      return open;
    } finally {
      opening.unlock();
    }
  }

  /// Null until the files are open. Any thread.
  @Nullable SegmentLog segments() {
    return segments;
  }

  /// From now on, records are kept for so long. Any thread.
  void keep(long seconds) {
    keepSeconds = seconds;
  }

  /// True while records cannot be written. Any thread.
  boolean isFailing() {
    return isFailing;
  }

  /// Records that could not be written. Any thread.
  long lost() {
    return lost.sum();
  }

  /// A purge will be written, and holds from now on. Any thread.
  void purging(String channel, EventId through) {
    purges.put(channel, through);
  }

  /// Up to which event a channel was purged, if that is not written yet; else [EventId#NONE]. Any
  /// thread.
  EventId unwrittenPurge(String channel) {
    return purges.getOrDefault(channel, EventId.NONE);
  }

  /// Up to which event the joins and leaves of users were purged, by their ids. May block.
  Map<String, EventId> purgedUsers() throws IOException {
    Map<String, EventId> found = new HashMap<>();
    purges.forEach((name, through) -> purgedUser(name, through, found)); // before it is written
    SegmentLog open = segments;
    if (open != null) {
      open.userPurges(purge -> {
        purgedUser(purge.channel(), purge.through(), found);
        return true;
      });
    }
    return found;
  }

  private static void purgedUser(String name, EventId through, Map<String, EventId> into) {
    if (PresenceEvents.isUser(name)) {
      var _ =
          into.merge(
              PresenceEvents.userId(name),
              through,
              (one, other) -> one.compareTo(other) > 0 ? one : other);
    }
  }

  /// A record is not written, because too many wait. Any thread.
  void refused() {
    lost.increment();
  }

  /// Writes records, and first those that could not be written before.
  ///
  /// @return false if they were not written
  boolean write(List<SegmentRecord> records, long nowMs, long nowNs) {
    unwritten.addAll(records);
    try {
      open().append(unwritten, keepSeconds, nowMs);
      forgetPurges(unwritten);
      unwritten.clear();
      recovered();
      return true;
    } catch (IOException e) {
      failed(e, nowNs);
      return false;
    }
  }

  private void forgetPurges(List<SegmentRecord> records) {
    if (!purges.isEmpty()) {
      for (SegmentRecord each : records) {
        if (each instanceof SegmentRecord.Purge purge) {
          var _ = purges.remove(purge.channel(), purge.through());
        }
      }
    }
  }

  /// Records that come while the disk fails wait for the next attempt.
  void postpone(List<SegmentRecord> records) {
    unwritten.addAll(records);
    dropSurplus();
  }

  private void dropSurplus() {
    int surplus = unwritten.size() - HistoryWriter.MAX_RECORDS;
    if (surplus > 0) {
      forgetPurges(unwritten.subList(0, surplus));
      unwritten.subList(0, surplus).clear();
      lost.add(surplus);
    }
  }

  private void recovered() {
    isFailing = false;
    if (isFailureLogged) {
      isFailureLogged = false;
      log.info("history is written to {} again", folder);
    }
  }

  private void failed(IOException e, long nowNs) {
    isFailing = true;
    dropSurplus();
    if (!isFailureLogged || nowNs - loggedNs >= LOG_NS) {
      isFailureLogged = true;
      loggedNs = nowNs;
      log.error(
          "cannot write history to {}: {}. {} events and positions are in memory only and will be"
              + " lost when this process stops; retrying every {} s",
          folder,
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage(),
          unwritten.size(),
          HistoryWriter.RETRY_SECONDS);
    }
  }

  /// Drops what is too old or too much.
  void maintain(long nowMs, long nowNs) {
    SegmentLog open = segments;
    if (open == null) {
      return;
    }
    try {
      open.maintain(keepSeconds, nowMs);
    } catch (IOException e) {
      failed(e, nowNs);
    }
    if (open.cutShort() > cutShortLogged) {
      cutShortLogged = open.cutShort();
      log.warn(
          "history in {} takes more than {} bytes (history_disk_bytes), so the oldest events are"
              + " dropped earlier than the rule says",
          folder,
          diskBytes);
    }
  }

  /// Takes a part of what was purged out of the files; waits a minute after a failure.
  void clean(long nowNs) {
    SegmentLog open = segments;
    if (open == null || cleanAfterNs - nowNs > 0) {
      return;
    }
    try {
      var _ = open.clean();
      cleanAfterNs = nowNs;
    } catch (IOException e) {
      cleanAfterNs = nowNs + LOG_NS;
      log.error(
          "cannot rewrite history in {} without what was purged: {}. It is not delivered, but still"
              + " in the files; retrying every minute",
          folder,
          e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  /// Forces everything that was written to the disk.
  void sync(long nowNs) {
    SegmentLog open = segments;
    if (open != null) {
      try {
        open.sync();
      } catch (IOException e) {
        failed(e, nowNs);
      }
    }
  }

  /// Writes everything to the disk, for an orderly shutdown.
  void close(long nowNs) {
    sync(nowNs);
    SegmentLog open = segments;
    if (open != null) {
      try (open) {
        open.end();
      } catch (IOException e) {
        failed(e, nowNs);
      }
    }
  }
}
