package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.Publication;

/// What is written about one channel. Immutable.
public sealed interface SegmentRecord {

  /// The name of the channel.
  String channel();

  /// An event.
  ///
  /// @param sequence as in [dev.fanfare.history.StoredEvent]
  /// @param showsId subscribers receive the id
  /// @param idInData the member of `data` in which they receive it too; empty for none
  record Event(EventId id, long sequence, Publication publication, boolean showsId, String idInData)
      implements SegmentRecord {
    @Override
    public String channel() {
      return publication.channel().value();
    }
  }

  /// A reader has confirmed everything up to an event.
  ///
  /// @param seenMs wall clock, milliseconds since 1970
  record Cursor(String channel, String reader, EventId confirmed, long seenMs)
      implements SegmentRecord {}

  /// Everything up to an event was purged.
  ///
  /// @param purgedMs wall clock, milliseconds since 1970
  /// @param withReaders and the cursors of all readers that were seen until then
  record Purge(String channel, EventId through, long purgedMs, boolean withReaders)
      implements SegmentRecord {

    /// True if the record is of what was purged.
    boolean covers(SegmentRecord other) {
      return channel.equals(other.channel())
          && switch (other) {
            case Event event -> event.id().compareTo(through) <= 0;
            case Cursor cursor -> withReaders && cursor.seenMs() <= purgedMs;
            case Purge _ -> false;
          };
    }

    /// What this and a purge of the same channel have purged together.
    Purge and(Purge other) {
      boolean isLater = through.compareTo(other.through) >= 0;
      long readersMs = Math.max(withReaders ? purgedMs : 0, other.withReaders ? other.purgedMs : 0);
      return new Purge(
          channel, isLater ? through : other.through, readersMs, withReaders || other.withReaders);
    }
  }
}
