package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.CloseCode;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Frames bit by bit.
final class FrameWriterTest {

  private static final UnpooledByteBufAllocator ALLOCATOR = new UnpooledByteBufAllocator(false);

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "1, 8101",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void lengthsTakeAsFewBytesAsPossible(int length, String header) {
    byte[] frame = bytes(FrameWriter.text(ALLOCATOR, new byte[length]));
    assertThat(ByteBufUtil.hexDump(frame, 0, header.length() / 2)).isEqualTo(header);
    assertThat(frame).hasSize(header.length() / 2 + length);
  }

  @ParameterizedTest
  @CsvSource({"x, 123", "\u00fc, 122", "\u2713, 123", "\ud83d\ude00, 120", "\ud800, 123"})
  void aReasonIsCutBetweenTwoCharacters(String character, int bytes) {
    byte[] frame =
        bytes(FrameWriter.close(ALLOCATOR, CloseCode.PATH_NOT_FOUND.code(), character.repeat(200)));
    String reason = new String(frame, 4, frame.length - 4, StandardCharsets.UTF_8);
    assertThat(frame).hasSize(4 + bytes);
    assertThat(character.equals("\ud800") ? "?".repeat(200) : character.repeat(200))
        .startsWith(reason);
  }

  /// The reason may quote a path or header from a client. This once took quadratic time.
  @Test
  void aVeryLongReasonIsCutToo() {
    String reason = "x".repeat(10_000_000);
    assertThat(bytes(FrameWriter.close(ALLOCATOR, CloseCode.PATH_NOT_FOUND.code(), reason)))
        .hasSize(4 + 123);
  }

  private static byte[] bytes(ByteBuf frame) {
    byte[] bytes = ByteBufUtil.getBytes(frame);
    frame.release();
    return bytes;
  }
}
