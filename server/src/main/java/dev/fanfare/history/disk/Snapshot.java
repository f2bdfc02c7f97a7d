package dev.fanfare.history.disk;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.segment.SegmentRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What a channel keeps at a moment.
///
/// @param events oldest first
/// @param lost the newest event that its rule does not keep any longer; [EventId#NONE] for none
record Snapshot(List<StoredEvent> events, EventId lost) {

  /// An event of a file.
  ///
  /// @param nowNs the same moment as `nowMs`, on the server's monotonic clock
  static StoredEvent stored(SegmentRecord.Event event, long nowMs, long nowNs) {
    long keptAtNs = nowNs - TimeUnit.MILLISECONDS.toNanos(nowMs - event.id().ms());
    return new StoredEvent(
        event.id(),
        event.publication(),
        event.sequence(),
        keptAtNs,
        event.showsId(),
        event.idInData());
  }

  /// Without the events that have a higher sequence.
  Snapshot through(long sequence) {
    int count = events.size();
    while (count > 0 && events.get(count - 1).sequence() > sequence) {
      count--;
    }
    return new Snapshot(events.subList(0, count), lost);
  }

  /// Some of the events for the HTTP API.
  HistoryPage page(HistoryPage.Query query, long nowNs) {
    EventId bound = query.after();
    boolean isComplete = lost.compareTo(bound == null ? EventId.NONE : bound) <= 0;
    return HistoryPage.of(events, query, isComplete, nowNs);
  }

  /// What was purged of a channel.
  ///
  /// @param through everything up to this event
  /// @param users by their ids, up to which event their joins and leaves; empty for events
  record Purged(EventId through, Map<String, EventId> users) {

    boolean isOfPurgedUser(SegmentRecord.Event event) {
      EventId last = users.isEmpty() ? null : users.get(event.publication().userId());
      return last != null && event.id().compareTo(last) <= 0;
    }
  }

  /// Collects the events that a rule keeps, newest first.
  static final class Builder {
    private final HistoryRule rule;
    private final long nowMs;
    private final long nowNs;
    private final Purged purged;
    private final List<StoredEvent> newestFirst = new ArrayList<>();
    private long bytes;
    private boolean isOver;
    private EventId lost = EventId.NONE;

    /// @param purged what is left out
    Builder(HistoryRule rule, long nowMs, long nowNs, Purged purged) {
      this.rule = rule;
      this.nowMs = nowMs;
      this.nowNs = nowNs;
      this.purged = purged;
    }

    /// Adds the next older event; false if no older one is kept.
    boolean add(SegmentRecord.Event event) {
      boolean isPurged = event.id().compareTo(purged.through) <= 0;
      if (!isPurged && purged.isOfPurgedUser(event)) {
        return true;
      }
      StoredEvent stored = stored(event, nowMs, nowNs);
      bytes += stored.bytes();
      isOver =
          isPurged
              || newestFirst.size() == rule.keepEvents()
              || bytes > rule.keepBytes()
              || nowMs - event.id().ms() >= TimeUnit.SECONDS.toMillis(rule.keepSeconds());
      if (!isOver) {
        newestFirst.add(stored);
      } else if (!isPurged) {
        lost = event.id();
      }
      return !isOver;
    }

    /// No event with a lower id is in the files any more.
    void droppedThrough(EventId id) {
      if (!isOver && id.compareTo(purged.through) > 0) {
        lost = id;
      }
    }

    /// @param recent has events that are not in the files, if the disk fails
    Snapshot build(EventLog recent) {
      List<StoredEvent> events = new ArrayList<>(newestFirst.reversed());
      long last = events.isEmpty() ? 0 : events.getLast().sequence();
      List<StoredEvent> more;
      do {
        more = recent.read(last, EventLog.END - 1, nowNs).events();
        events.addAll(more);
        last = more.isEmpty() ? last : more.getLast().sequence();
      } while (!more.isEmpty());
      int surplus = Math.max(0, events.size() - rule.keepEvents());
      EventId dropped = surplus == 0 ? lost : events.get(surplus - 1).id();
      return new Snapshot(events.subList(surplus, events.size()), dropped);
    }
  }
}
