package dev.fanfare.history.disk;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.history.Archive.Decision;
import dev.fanfare.history.Archive.Question;
import dev.fanfare.history.Departed;
import dev.fanfare.history.EventId;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Where subscribers of a mailbox begin, whose events have the ids and sequences 11 to 15.
final class MailboxTest {

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withReplay(Replay.MAILBOX).withStore(Store.DISK);
  private static final Identity PHONE = new Identity(Identity.Kind.TAG, "phone~3f");
  private static final Identity NAMELESS = new Identity(Identity.Kind.TAG, "~3f");

  private final SequencedMap<String, SegmentRecord.Cursor> cursors = new LinkedHashMap<>();
  private EventId lost = EventId.NONE;

  private static EventId id(long ms) {
    return new EventId(ms, 0);
  }

  private static StoredEvent event(long number) {
    ChannelName channel = ((Parsed.Ok<ChannelName>) ChannelName.parse("private-7", 100)).value();
    Publication publication = new Publication(channel, "e", "1", null, null, Origin.HTTP);
    return new StoredEvent(id(number), publication, number, 0, true, "");
  }

  private void confirmed(String reader, long id) {
    cursors.put(reader, new SegmentRecord.Cursor("private-7", reader, id(id), 0));
  }

  private Decision decide(HistoryRule rule, Identity identity, @Nullable EventId claimed) {
    List<StoredEvent> events = LongStream.rangeClosed(11, 15).mapToObj(MailboxTest::event).toList();
    Departed.Claim claim =
        claimed == null ? null : new Departed.Claim(claimed, EventId.NONE, List.of(), 0);
    return new Mailbox(rule, new Snapshot(events, lost), cursors)
        .decide(new Question(null, identity, claim, "1.1", 0));
  }

  @Test
  void aKnownDeviceBeginsAfterItsCursorAndAnotherSessionOfItToo() {
    confirmed("d:phone", 13);
    confirmed("d:tablet", 15);
    assertThat(decide(RULE, PHONE, null)).isEqualTo(new Decision(13, id(13), null));
    assertThat(decide(RULE, new Identity(Identity.Kind.DEVICE, "phone"), null).after())
        .isEqualTo(13);
  }

  @Test
  void theOlderOfPositionAndCursorCounts() {
    confirmed("d:phone", 13);
    assertThat(decide(RULE, PHONE, id(12)).after()).isEqualTo(12);
    assertThat(decide(RULE, PHONE, id(14)).after()).isEqualTo(13);
  }

  @Test
  void aNewDeviceGetsWhatTheRuleSays() {
    assertThat(decide(RULE, PHONE, null)).isEqualTo(new Decision(10, EventId.NONE, null));
    confirmed("d:tablet", 13);
    assertThat(decide(RULE, PHONE, null).after()).isEqualTo(10);
    assertThat(decide(RULE.withNewReader(NewReader.SHARED), PHONE, null).after()).isEqualTo(13);
    assertThat(decide(RULE.withNewReader(NewReader.NONE), PHONE, null))
        .isEqualTo(new Decision(EventLog.END, id(15), null));
    assertThat(decide(RULE.withReplayEvents(2), PHONE, null))
        .isEqualTo(new Decision(13, id(13), null));
  }

  @Test
  void clientsWithoutANameShareTheNewestCursor() {
    assertThat(decide(RULE, NAMELESS, null).after()).isEqualTo(10);
    confirmed("d:tablet", 14);
    confirmed("", 12);
    for (Identity.Kind kind : List.of(Identity.Kind.USER, Identity.Kind.CHANNEL)) {
      assertThat(decide(RULE, new Identity(kind, "7"), null).after()).isEqualTo(14);
    }
    assertThat(decide(RULE, NAMELESS, null).after()).isEqualTo(14);
  }

  @Test
  void whatCannotBeGivenIsAGap() {
    confirmed("d:phone", 8);
    lost = id(10);
    assertThat(decide(RULE, PHONE, null))
        .isEqualTo(new Decision(10, id(8), new Gap(Gap.Reason.EXPIRED, id(8), id(11))));
    lost = EventId.NONE;
    assertThat(decide(RULE.withReplayEvents(2), PHONE, null))
        .isEqualTo(new Decision(13, id(8), new Gap(Gap.Reason.TOO_MANY, id(8), id(14))));
    lost = id(8);
    assertThat(decide(RULE, PHONE, null).gap()).isNull();
  }

  @Test
  void anOverlapIsGivenAgainAndIsNoGap() {
    Departed.Claim claim = new Departed.Claim(id(13), EventId.NONE, List.of(), 2);
    List<StoredEvent> events = LongStream.rangeClosed(11, 15).mapToObj(MailboxTest::event).toList();
    Mailbox mailbox = new Mailbox(RULE, new Snapshot(events, id(12)), cursors);
    assertThat(mailbox.decide(new Question(null, PHONE, claim, "1.1", 0)))
        .isEqualTo(new Decision(11, id(13), null));
  }
}
