package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;

/// Bounds of what a segment contains.
///
/// @param records their number
/// @param lastId at least the id of every event, and of those that were purged
/// @param lastSequence at least the sequence of every event
/// @param newestMs at least the time of every record, milliseconds since 1970
record SegmentTotals(int records, EventId lastId, long lastSequence, long newestMs) {

  static final SegmentTotals NONE = new SegmentTotals(0, EventId.NONE, 0, 0);

  SegmentTotals and(SegmentRecord added) {
    return switch (added) {
      case SegmentRecord.Event event ->
          new SegmentTotals(
              records + 1,
              event.id().compareTo(lastId) > 0 ? event.id() : lastId,
              Math.max(lastSequence, event.sequence()),
              Math.max(newestMs, event.id().ms()));
      case SegmentRecord.Cursor cursor ->
          new SegmentTotals(records + 1, lastId, lastSequence, Math.max(newestMs, cursor.seenMs()));
      case SegmentRecord.Purge purge ->
          new SegmentTotals(
              records + 1,
              purge.through().compareTo(lastId) > 0 ? purge.through() : lastId,
              lastSequence,
              Math.max(newestMs, purge.purgedMs()));
    };
  }

  SegmentTotals withRecords(int count) {
    return new SegmentTotals(count, lastId, lastSequence, newestMs);
  }

  SegmentTotals and(SegmentTotals other) {
    return new SegmentTotals(
        records + other.records,
        lastId.compareTo(other.lastId) > 0 ? lastId : other.lastId,
        Math.max(lastSequence, other.lastSequence),
        Math.max(newestMs, other.newestMs));
  }
}
