package dev.fanfare.history.shared;

import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a node has in memory of a channel's entries, since it has subscribers and knows where to
/// begin. Guarded by [SharedLog].
final class RecentEntries {

  private @Nullable EventLog ring;

  /// Everything after this entry is in memory; [EventId#NONE] as long as it never began.
  private EventId base = EventId.NONE;

  /// The channel's sequence when the first entry could be passed on; 0 before.
  private long floorSequence;

  private long lastSequence;

  @Nullable EventLog ring() {
    return ring;
  }

  /// The entry after which it began last.
  EventId base() {
    return base;
  }

  void begin(EventLog added, EventId first) {
    ring = added;
    base = first;
  }

  /// Forgets everything, and returns what there was.
  @Nullable EventLog end() {
    EventLog ended = ring;
    ring = null;
    floorSequence = 0;
    lastSequence = 0;
    return ended;
  }

  /// Entries are passed on from now on.
  ///
  /// @param sequence higher than all of the channel
  /// @return true if they were not before
  boolean open(long sequence) {
    boolean isFirst = ring != null && floorSequence == 0;
    if (isFirst) {
      floorSequence = sequence - 1;
      lastSequence = sequence - 1;
    }
    return isFirst;
  }

  StoredEvent append(EventLog log, Arrival next, Publication event, long sequence, long nowNs) {
    lastSequence = sequence;
    return log.append(next.id(), event, sequence, nowNs);
  }

  @Nullable EventId idAt(long sequence) {
    return ring == null || floorSequence == 0 || sequence < floorSequence
        ? null
        : ring.idAt(sequence);
  }

  /// Everything after this entry is in memory.
  EventId edge() {
    if (ring == null) {
      return Streams.END; // the last subscriber has gone
    }
    long lost = ring.read(EventLog.END - 1, EventLog.END - 1, 0).lostSequence();
    EventId id = lost == 0 ? base : ring.idAt(lost);
    return id == null ? base : id;
  }

  /// Where memory goes on after an entry.
  long sequenceAt(EventId after) {
    if (ring == null) {
      return lastSequence;
    }
    Departed.Claim claim = new Departed.Claim(after, EventId.NONE, List.of(), 0);
    long found = ring.resume(claim, Integer.MAX_VALUE).start();
    return found == EventLog.END ? lastSequence : found;
  }
}
