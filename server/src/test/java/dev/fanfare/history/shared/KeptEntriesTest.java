package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.history.EventId;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import dev.fanfare.testing.Formats;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Entries of history in an engine as released versions wrote them are read, and this version
/// writes the same bytes. Those of a newer version are not mistaken for events.
final class KeptEntriesTest {

  private static final EventId TICKET = new EventId(0x1234567890abcdefL, 9);
  private static final ChannelName CHANNEL =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("presence-x", 200)).value();

  private static final Publication EVENT =
      PublicationBuilder.builder()
          .channel(CHANNEL)
          .event("client-e")
          .data("{\"price\":\"5 \u20ac\"}")
          .userId("user")
          .exceptSocketId("12.34")
          .origin(Origin.CLIENT)
          .keepSeconds(60)
          .build();

  private static byte[] attendance() {
    Attendance attendance = new Attendance();
    attendance.apply(
        new Attendance.Change(
            7,
            List.of(new Attendance.Step("ann", null), new Attendance.Step("bob", null)),
            new TreeSet<>(List.of("ann", "bob"))),
        _ -> Attendance.Verdict.ALIVE,
        () -> TICKET);
    return attendance.encode();
  }

  @Test
  void thisVersionWritesTheSame() throws IOException {
    Formats.assertUnchanged("engine/event.hex", EventCodec.event(EVENT, TICKET));
    Formats.assertUnchanged("engine/loss.hex", EventCodec.loss());
    Formats.assertUnchanged("engine/purge.hex", EventCodec.purge(new EventId(5, 6)));
    Formats.assertUnchanged("engine/attendance.hex", attendance());
  }

  @Test
  void allVersionsAreRead() throws IOException {
    for (String version : Formats.versions("engine/event.hex")) {
      assertThat(EventCodec.read(CHANNEL, Formats.bytes(version, "engine/event.hex")))
          .isEqualTo(new EventCodec.Content(EVENT, false, null, TICKET));
      assertThat(EventCodec.read(CHANNEL, Formats.bytes(version, "engine/loss.hex")).isLoss())
          .isTrue();
      assertThat(EventCodec.read(CHANNEL, Formats.bytes(version, "engine/purge.hex")).purged())
          .isEqualTo(new EventId(5, 6));
      byte[] attendance = Formats.bytes(version, "engine/attendance.hex");
      assertThat(Attendance.decode(attendance).encode()).isEqualTo(attendance);
    }
  }

  @Test
  void thoseOfANewerVersionAreNoEvents() {
    byte[] event = EventCodec.event(EVENT, TICKET);
    event[0]++;
    assertThat(EventCodec.read(CHANNEL, event))
        .isEqualTo(new EventCodec.Content(null, false, null, null));
    byte[] attendance = attendance();
    attendance[0]++;
    assertThatThrownBy(() -> Attendance.decode(attendance))
        .hasMessage("who is there was written by another version of Fanfare");
  }
}
