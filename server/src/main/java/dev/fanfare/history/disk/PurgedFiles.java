package dev.fanfare.history.disk;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Counts the events that a purge has dropped and that were in the files only.
///
/// @param memory the events that it has dropped from memory, which are newer
/// @param before up to which event the channel had been purged already; null if that is not known
/// @param nowMs when it was, milliseconds since 1970
record PurgedFiles(
    String channel, HistoryRule rule, Purge memory, @Nullable EventId before, long nowMs) {

  /// What an unread event takes; see [Snapshot].
  private static final long NO_CLOCK = 0;

  /// @param log with the purge itself
  int count(RuleLog log) {
    SegmentLog segments = log.segments();
    if (segments == null) {
      return 0;
    }
    try {
      EventId bound = before == null ? boundIn(segments) : before;
      Snapshot.Purged earlier =
          new Snapshot.Purged(bound, PresenceEvents.isLog(channel) ? log.purgedUsers() : Map.of());
      int[] count = new int[1];
      long[] bytes = {memory.bytes()};
      segments.events(channel, event -> add(event, earlier, count, bytes));
      return count[0];
    } catch (IOException e) {
      throw new UnreadableHistory("cannot read the history of channel " + channel, e);
    }
  }

  /// False if no older event was kept.
  private boolean add(
      SegmentRecord.Event event, Snapshot.Purged earlier, int[] count, long[] bytes) {
    EventId oldest = memory.oldest();
    EventId id = event.id();
    if (id.compareTo(memory.through()) > 0 || (oldest != null && id.compareTo(oldest) >= 0)) {
      return true;
    }
    if (earlier.isOfPurgedUser(event)) {
      return true;
    }
    StoredEvent stored = Snapshot.stored(event, nowMs, NO_CLOCK);
    bytes[0] += stored.bytes();
    boolean isKept =
        id.compareTo(earlier.through()) > 0
            && memory.inMemory() + count[0] < rule.keepEvents()
            && bytes[0] <= rule.keepBytes()
            && nowMs - id.ms() < TimeUnit.SECONDS.toMillis(rule.keepSeconds());
    if (isKept && !stored.isOver(NO_CLOCK)) {
      count[0]++;
    }
    return isKept;
  }

  /// Up to which event the purge before this one went, which is the newest but one.
  private EventId boundIn(SegmentLog segments) throws IOException {
    EventId[] found = {EventId.NONE};
    boolean[] isBefore = new boolean[1];
    segments.others(
        channel,
        other -> {
          if (other instanceof SegmentRecord.Purge purge) {
            found[0] = isBefore[0] ? purge.through() : found[0];
            boolean isSecond = isBefore[0];
            isBefore[0] = true;
            return !isSecond;
          }
          return true;
        });
    return found[0];
  }
}
