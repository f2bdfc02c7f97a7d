package dev.fanfare.history.disk;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.history.Archive.Decision;
import dev.fanfare.history.Archive.Question;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Rewind;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.mailbox.Cursors;
import dev.fanfare.history.segment.SegmentRecord;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Decides where subscriptions to a channel begin, by its events and the cursors of its readers.
///
/// @param cursors of readers, the last seen first; empty unless the rule has mailboxes
record Mailbox(
    HistoryRule rule, Snapshot kept, SequencedMap<String, SegmentRecord.Cursor> cursors) {

  /// Under which name the cursor of a subscriber is kept; null if none is.
  static @Nullable String reader(HistoryRule rule, Identity identity) {
    return rule.replay() == Replay.MAILBOX ? Cursors.reader(identity) : null;
  }

  Decision decide(Question question) {
    Departed.Claim claim = question.claim();
    if (rule.replay() != Replay.MAILBOX) {
      return claim == null
          ? rewind(question.rewind(), question.nowNs())
          : after(claim.after(), claim.from(), claim.lost());
    }
    EventId cursor = confirmed().of(Cursors.reader(question.identity()), head());
    if (claim != null && (cursor == null || claim.after().compareTo(cursor) <= 0)) {
      return after(claim.after(), claim.from(), claim.lost());
    }
    return cursor == null ? newest(rule.replayEvents()) : after(cursor, cursor, EventId.NONE);
  }

  private Cursors confirmed() {
    Map<String, EventId> confirmed = new TreeMap<>();
    cursors.forEach((reader, cursor) -> confirmed.put(reader, cursor.confirmed()));
    return new Cursors(rule.newReader(), confirmed);
  }

  /// The newest event.
  private EventId head() {
    return kept.events().isEmpty() ? kept.lost() : kept.events().getLast().id();
  }

  /// Everything after an event.
  ///
  /// @param confirmed by the client
  /// @param from which on it gets events again, at most `confirmed`
  /// @param lostBefore the newest event that was lost with an earlier log of the channel
  private Decision after(EventId confirmed, EventId from, EventId lostBefore) {
    int missed = countAfter(confirmed);
    int given = Math.min(countAfter(from), rule.replayEvents());
    List<StoredEvent> events = kept.events();
    EventId oldest = given == 0 ? null : events.get(events.size() - given).id();
    boolean isLost = kept.lost().compareTo(confirmed) > 0 || lostBefore.compareTo(confirmed) > 0;
    Gap.Reason reason =
        isLost ? Gap.Reason.EXPIRED : missed > rule.replayEvents() ? Gap.Reason.TOO_MANY : null;
    boolean isNew = confirmed.equals(EventId.NONE);
    Gap gap = reason == null || isNew ? null : new Gap(reason, confirmed, oldest);
    return new Decision(start(given), confirmed, gap);
  }

  private int countAfter(EventId id) {
    return (int) kept.events().stream().filter(event -> event.id().compareTo(id) > 0).count();
  }

  /// The last events, without any notice of a gap.
  private Decision newest(int most) {
    List<StoredEvent> events = kept.events();
    int given = Math.min(events.size(), most);
    int before = events.size() - given - 1;
    return new Decision(start(given), before < 0 ? kept.lost() : events.get(before).id(), null);
  }

  private long start(int given) {
    List<StoredEvent> events = kept.events();
    return given == 0 ? EventLog.END : events.get(events.size() - given).sequence() - 1;
  }

  /// What a subscriber gets that is not recognised.
  private Decision rewind(@Nullable Rewind asked, long nowNs) {
    if (rule.replay() != Replay.REWIND) {
      return newest(0);
    }
    int most = asked == null ? rule.rewindEvents() : Math.min(rule.rewindEvents(), asked.events());
    int seconds = asked == null ? rule.rewindSeconds() : asked.secondsWithin(rule.rewindSeconds());
    long maxAgeNs = seconds == 0 ? Long.MAX_VALUE : TimeUnit.SECONDS.toNanos(seconds);
    int fresh =
        (int) kept.events().stream().filter(event -> nowNs - event.keptAtNs() < maxAgeNs).count();
    return newest(Math.min(most, fresh));
  }
}
