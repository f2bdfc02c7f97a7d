package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Work that is done once per message for any number of lanes and sockets.
final class OutboundTest {

  private static final byte[] DEFLATED = {1, 2, 3};
  private static final byte[] STAYS = {};

  private final Outbound outbound =
      Outbound.event(
          new Audiences(name(), 2) {},
          new Publication(name(), "e", "hello", null, null, Origin.HTTP));

  /// The messages that lanes compressed.
  private final List<String> compressed = new ArrayList<>();

  @Test
  void aMessageIsEncodedOnce() {
    assertThat(outbound.utf8()).isSameAs(outbound.utf8());
  }

  @Test
  void aMessageIsCompressedOnlyByTheFirstLaneThatNeedsIt() {
    byte[] first = outbound.deflated(lane(DEFLATED));
    byte[] second = outbound.deflated(lane(new byte[] {4}));
    assertThat(first).isSameAs(DEFLATED);
    assertThat(second).isSameAs(DEFLATED);
    assertThat(compressed)
        .containsExactly("{\"event\":\"e\",\"channel\":\"c\",\"data\":\"hello\"}");
  }

  @Test
  void aMessageThatStaysUncompressedIsNotTriedAgain() {
    assertThat(outbound.deflated(lane(STAYS))).isEmpty();
    assertThat(outbound.deflated(lane(DEFLATED))).isEmpty();
    assertThat(compressed).hasSize(1);
  }

  private UnaryOperator<byte[]> lane(byte[] result) {
    return utf8 -> {
      compressed.add(new String(utf8, StandardCharsets.UTF_8));
      return result;
    };
  }

  private static ChannelName name() {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse("c", Limits.HOSTED.maxChannelNameChars()))
        .value();
  }
}
