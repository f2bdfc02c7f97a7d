package dev.fanfare.history.shared;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.Publication;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The part of a channel's log that is in memory, as lanes read it.
abstract class RecentLog implements EventLog {

  final ReentrantLock lock = new ReentrantLock();

  /// Guarded by the lock.
  final RecentEntries recent = new RecentEntries();

  private volatile HistoryRule rule;
  private volatile EventId purged = EventId.NONE;

  RecentLog(HistoryRule rule) {
    this.rule = rule;
  }

  final <T extends @Nullable Object> T locked(Supplier<T> task) {
    lock.lock();
    try {
      return task.get();
    } finally {
      lock.unlock();
    }
  }

  final HistoryRule rule() {
    return rule;
  }

  /// The entry after which this node passes entries on; [EventId#NONE] if that was never known.
  final EventId base() {
    return locked(recent::base);
  }

  @Override
  public StoredEvent append(Publication publication, long sequence, long nowNs) {
    throw new IllegalStateException("the engine decides the order");
  }

  @Override
  public void apply(HistoryRule changed, long nowNs) {
    rule = changed;
    EventLog log = ring();
    if (log != null) {
      log.apply(changed, nowNs);
    }
  }

  private @Nullable EventLog ring() {
    return locked(recent::ring);
  }

  @Override
  public long rewind(int events, long maxAgeNs, long nowNs) {
    throw new IllegalStateException("the archive decides");
  }

  @Override
  public Resumption resume(Departed.Claim claim, int most) {
    throw new IllegalStateException("the archive decides");
  }

  @Override
  public @Nullable EventId idAt(long sequence) {
    return locked(() -> recent.idAt(sequence));
  }

  @Override
  public Block read(long after, long through, long nowNs) {
    EventLog log = ring();
    if (log == null) {
      return new Block(List.of(), 0);
    }
    Block block = log.read(after, through, nowNs);
    while (!block.events().isEmpty() && isPurged(block.events().getLast())) {
      block = log.read(block.events().getLast().sequence(), through, nowNs);
    }
    List<StoredEvent> events = block.events();
    return events.isEmpty() || !isPurged(events.getFirst())
        ? block
        : new Block(events.stream().filter(each -> !isPurged(each)).toList(), block.lostSequence());
  }

  private boolean isPurged(StoredEvent event) {
    return event.id().compareTo(purged) <= 0;
  }

  @Override
  public @Nullable StoredEvent newest(long nowNs) {
    EventLog log = ring();
    return log == null ? null : log.newest(nowNs);
  }

  @Override
  public void expire(long nowNs) {
    EventLog log = ring();
    if (log != null) {
      log.expire(nowNs);
    }
  }

  @Override
  public long dueNs() {
    EventLog log = ring();
    return log == null ? END : log.dueNs();
  }

  /// Everything up to an entry was purged.
  public final void drop(EventId through, long nowNs) {
    EventLog log = ring();
    purged = through.compareTo(purged) > 0 ? through : purged;
    StoredEvent newest = log == null ? null : log.newest(nowNs);
    if (log != null && newest != null && isPurged(newest)) {
      var _ = log.purge(false, nowNs);
    }
  }

  @Override
  public EventId purged() {
    return purged;
  }

  /// Everything after this entry is in memory.
  final EventId edge() {
    return locked(recent::edge);
  }

  /// Where memory goes on after an entry.
  final long sequenceAt(EventId after) {
    return locked(() -> recent.sequenceAt(after));
  }
}
