package dev.fanfare.history.segment;

import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.protocol.Publication;
import org.jspecify.annotations.Nullable;

/// What is written about one channel. Immutable.
public sealed interface SegmentRecord {

  /// The name of the channel.
  String channel();

  /// An event.
  ///
  /// @param sequence as in [dev.fanfare.history.StoredEvent]
  /// @param showsId subscribers receive the id
  /// @param idInData the member of `data` in which they receive it too; empty for none
  /// @param isPresence it is one of [PresenceEvents], with its user
  record Event(
      EventId id,
      long sequence,
      Publication publication,
      boolean showsId,
      String idInData,
      boolean isPresence)
      implements SegmentRecord {

    /// An event that subscribers receive.
    public Event(
        EventId id, long sequence, Publication publication, boolean showsId, String idInData) {
      this(id, sequence, publication, showsId, idInData, false);
    }

    /// A user has joined or left.
    public static Event ofPresence(EventId id, long sequence, Publication publication) {
      return new Event(id, sequence, publication, false, "", true);
    }

    @Override
    public String channel() {
      return isPresence ? PresenceEvents.log(publication.channel()) : publication.channel().value();
    }

    /// The name by which the user who has joined or left is purged; null if none has.
    @Nullable String user() {
      String userId = publication.userId();
      return isPresence && userId != null ? PresenceEvents.user(userId) : null;
    }
  }

  /// A reader has confirmed everything up to an event.
  ///
  /// @param seenMs wall clock, milliseconds since 1970
  record Cursor(String channel, String reader, EventId confirmed, long seenMs)
      implements SegmentRecord {}

  /// Everything up to an event was purged, of a channel, or what [PresenceEvents] have of a user.
  ///
  /// @param channel its name, that of its [PresenceEvents], or that of the user
  /// @param purgedMs wall clock, milliseconds since 1970
  /// @param withReaders and the cursors of all readers that were seen until then
  record Purge(String channel, EventId through, long purgedMs, boolean withReaders)
      implements SegmentRecord {

    /// True if the record is of what was purged.
    boolean covers(SegmentRecord other) {
      return switch (other) {
        case Event event ->
            event.id().compareTo(through) <= 0
                && (channel.equals(event.channel()) || channel.equals(event.user()));
        case Cursor cursor ->
            withReaders && cursor.seenMs() <= purgedMs && channel.equals(cursor.channel());
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
