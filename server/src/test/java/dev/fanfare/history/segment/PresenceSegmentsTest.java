package dev.fanfare.history.segment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.EventId;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Joins and leaves in segments: beside events, and purged by channel or by user.
final class PresenceSegmentsTest {

  private static final long START_MS = 1_764_270_000_000L;
  private static final long KEEP_SECONDS = 1_600; // a segment ends after 100 s
  private static final ChannelName ROOM = name("presence-room");
  private static final ChannelName HALL = name("presence-hall");
  private static final EventId ID = new EventId(0x0102030405060708L, 9);

  @TempDir private Path folder;
  private long nowMs = START_MS;
  private long sequence;

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, Integer.MAX_VALUE)).value();
  }

  private SegmentRecord.Event joined(ChannelName channel, String userId) {
    sequence++;
    return SegmentRecord.Event.ofPresence(
        new EventId(nowMs, sequence), sequence, PresenceEvents.joined(channel, userId));
  }

  private SegmentRecord.Event event(ChannelName channel) {
    sequence++;
    Publication publication = new Publication(channel, "e", "d", "7", null, Origin.CLIENT);
    return new SegmentRecord.Event(new EventId(nowMs, sequence), sequence, publication, true, "");
  }

  private SegmentRecord purge(String name) {
    return new SegmentRecord.Purge(name, new EventId(nowMs, sequence), nowMs, false);
  }

  private SegmentLog open() throws IOException {
    return SegmentLog.open(folder, 1 << 20);
  }

  private void append(SegmentLog log, SegmentRecord... records) throws IOException {
    log.append(List.of(records), KEEP_SECONDS, nowMs);
  }

  private static List<SegmentRecord> events(SegmentLog log, String channel) throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.events(channel, found::add);
    return found.reversed();
  }

  private static List<SegmentRecord> ofUser(SegmentLog log, String userId) throws IOException {
    List<SegmentRecord> found = new ArrayList<>();
    log.presence(userId, found::add);
    return found.reversed();
  }

  private static String body(SegmentRecord written) {
    RecordBuffer buffer = new RecordBuffer();
    RecordCodec.encode(written, buffer);
    ByteBuffer body = buffer.written(RecordCodec.PREFIX_BYTES);
    byte[] bytes = new byte[body.remaining()];
    body.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static void expectFormat(SegmentRecord written, String hex) {
    assertThat(body(written)).isEqualTo(hex);
    assertThat(RecordCodec.decode(ByteBuffer.wrap(HexFormat.of().parseHex(hex))))
        .isEqualTo(written);
  }

  @Test
  void bothFormatsAreAsDocumented() {
    String room = "00" + "0000000d" + "70726573656e63652d726f6f6d";
    String id = "0102030405060708" + "0000000000000009";
    expectFormat(
        SegmentRecord.Event.ofPresence(ID, 3, PresenceEvents.left(ROOM, "7", "closed")),
        "05"
            + room
            + id
            + "0000000000000003"
            + "000000000137" // user
            + "00000000046c656674" // left
            + "0000000006636c6f736564"); // closed
    Publication publication = new Publication(ROOM, "e", "d", "7", null, Origin.CLIENT);
    expectFormat( // of versions without joins and leaves, too
        new SegmentRecord.Event(ID, 3, publication, true, ""),
        "01"
            + room
            + id
            + "0000000000000003"
            + "01" // a client
            + "ffffffff" // as long as the rule says
            + "01" // with the id
            + "0000000000" // not in the data
            + "000000000137" // user
            + "02" // for all connections
            + "000000000165" // e
            + "000000000164"); // d
  }

  @Test
  void theyAreNoEventsOfTheChannel() throws IOException {
    List<SegmentRecord> events = List.of(event(ROOM), event(ROOM));
    List<SegmentRecord> joins = List.of(joined(ROOM, "7"), joined(ROOM, "8"));
    SegmentRecord other = joined(HALL, "7");
    for (boolean isReopened : new boolean[] {false, true}) {
      try (SegmentLog log = open()) {
        if (!isReopened) {
          append(log, events.get(0), joins.get(0), other, events.get(1), joins.get(1));
        }
        assertThat(events(log, "presence-room")).isEqualTo(events);
        assertThat(events(log, PresenceEvents.log(ROOM))).isEqualTo(joins);
        assertThat(ofUser(log, "7")).containsExactly(joins.get(0), other);
        assertThat(log.lastSequence()).isEqualTo(sequence);
      }
    }
  }

  @Test
  void theyCanBePurgedWithoutTheEvents() throws IOException {
    try (SegmentLog log = open()) {
      append(log, event(ROOM), joined(ROOM, "7"), joined(HALL, "7"));
      append(log, purge(PresenceEvents.log(ROOM)));
      end(log);
      assertThat(events(log, "presence-room")).hasSize(1);
      assertThat(events(log, PresenceEvents.log(ROOM))).isEmpty();
      assertThat(events(log, PresenceEvents.log(HALL))).hasSize(1);
    }
  }

  @Test
  void theJoinsOfOneUserArePurgedFromAllSegments() throws IOException {
    try (SegmentLog log = open()) {
      append(log, event(ROOM), joined(ROOM, "7"), joined(ROOM, "8"));
      nowMs += 200_000;
      append(log, joined(HALL, "7"), purge(PresenceEvents.user("7")));
      SegmentRecord later = joined(HALL, "7");
      append(log, later);
      assertThat(ofUser(log, "7")).hasSize(3);
      end(log);
      assertThat(ofUser(log, "7")).containsExactly(later);
      assertThat(ofUser(log, "8")).hasSize(1);
      assertThat(events(log, "presence-room")).as("sent by the user").hasSize(1);
      List<SegmentRecord.Purge> purges = new ArrayList<>();
      log.userPurges(purges::add);
      assertThat(purges).hasSize(1);
    }
    try (SegmentLog log = open()) {
      assertThat(ofUser(log, "7")).hasSize(1);
      assertThat(log.damages()).isEmpty();
    }
  }

  /// Ends the last segment, and takes out of all what was purged.
  private void end(SegmentLog log) throws IOException {
    nowMs += 200_000;
    log.maintain(KEEP_SECONDS, nowMs);
    boolean isMore = true;
    while (isMore) {
      isMore = log.clean(1);
    }
  }
}
