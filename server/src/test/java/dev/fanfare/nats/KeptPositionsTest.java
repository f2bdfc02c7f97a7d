package dev.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.testing.Formats;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Positions in JetStream as released versions wrote them are read, and this version writes the
/// same bytes.
final class KeptPositionsTest {

  private static final PositionValues.Held HELD =
      new PositionValues.Held("owner_1", new Streams.Position(new EventId(5, 6), "1.2 3.4"), 99);
  private static final List<PositionValues.Waiting> WAITING =
      List.of(
          new PositionValues.Waiting(new EventId(5, 6), 99),
          new PositionValues.Waiting(new EventId(7, 8), 100));
  private static final Map<String, PositionValues.Seen> SEEN =
      Map.of("d:a phone", new PositionValues.Seen(new Streams.Cursor(new EventId(5, 6), 42), 99));

  @Test
  void thisVersionWritesTheSame() throws IOException {
    Formats.assertUnchanged("engine/nats-held.hex", HELD.encode());
    Formats.assertUnchanged("engine/nats-waiting.hex", PositionValues.Waiting.encode(WAITING));
    Formats.assertUnchanged("engine/nats-seen.hex", PositionValues.Seen.encode(SEEN));
  }

  @Test
  void allVersionsAreRead() throws IOException {
    for (String version : Formats.versions("engine/nats-held.hex")) {
      PositionValues.Held held =
          PositionValues.Held.decode(Formats.bytes(version, "engine/nats-held.hex"));
      assertThat(held.isOf("owner_1")).isTrue();
      assertThat(held.position()).isEqualTo(HELD.position());
      assertThat(held.untilMs()).isEqualTo(99);
      assertThat(
              PositionValues.Waiting.decode(Formats.bytes(version, "engine/nats-waiting.hex"), 1))
          .isEqualTo(WAITING);
      assertThat(PositionValues.Seen.decode(Formats.bytes(version, "engine/nats-seen.hex"), 1))
          .isEqualTo(SEEN);
    }
  }
}
