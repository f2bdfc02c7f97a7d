package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the server compresses, and what it sends uncompressed.
final class DeflationTest {

  private final Deflation deflation = new Deflation();
  private final Inflation inflation = new Inflation();

  @AfterEach
  void end() {
    deflation.close();
    inflation.close();
  }

  @Test
  void aMessageIsDeflatedWithoutTheEmptyBlockAtItsEnd() throws DataFormatException {
    byte[] message = json(1_000);
    byte[] deflated = deflation.deflate(message);
    assertThat(HexFormat.of().formatHex(deflated)).doesNotEndWith("0000ffff");
    Inflater inflater = new Inflater(true);
    byte[] inflated = new byte[1_001];
    inflater.setInput(deflated);
    assertThat(inflater.inflate(inflated)).isEqualTo(1_000);
    inflater.setInput(new byte[] {0, 0, -1, -1});
    assertThat(inflater.inflate(inflated, 1_000, 1)).isZero();
    assertThat(inflater.needsInput()).isTrue();
    assertThat(Arrays.copyOf(inflated, 1_000)).isEqualTo(message);
    inflater.end();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 129, 1_000, 16_380, 16_381, 16_384, 16_385, 300_000})
  void deflatedMessagesAreSmallerAndInflateToTheSame(int length) {
    byte[] message = json(length);
    byte[] deflated = deflation.deflate(message);
    assertThat(deflated).hasSizeBetween(1, length - 1);
    assertThat(inflation.inflate(Unpooled.wrappedBuffer(deflated), length))
        .isInstanceOfSatisfying(
            Inflation.Inflated.Message.class, m -> assertThat(m.bytes()).isEqualTo(message));
  }

  /// Every client may receive the message, so it must not refer to earlier ones.
  @Test
  void theSameMessageIsDeflatedToTheSameBytesAgain() {
    byte[] message = json(1_000);
    byte[] first = deflation.deflate(message);
    deflation.deflate(json(20_000));
    assertThat(deflation.deflate(message)).isEqualTo(first);
  }

  @Test
  void aShortMessageIsNotCompressed() {
    assertThat(deflation.deflate(json(Deflation.MIN_BYTES - 1))).isEmpty();
    assertThat(deflation.deflate(json(Deflation.MIN_BYTES))).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {128, 5_000, 100_000})
  void incompressibleMessagesAreNotCompressed(int length) {
    byte[] noise = new byte[length];
    new Random(length).nextBytes(noise);
    assertThat(deflation.deflate(noise)).isEmpty();
    assertThat(deflation.deflate(json(500))).as("the next message").isNotEmpty();
  }

  /// A message of this many bytes.
  private static byte[] json(int length) {
    StringBuilder text = new StringBuilder("{\"event\":\"e\",\"channel\":\"c\",\"data\":\"");
    for (int i = 0; text.length() < length; i++) {
      text.append("order ").append(i * 7_919 % 10_000).append(" shipped, ");
    }
    return text.substring(0, length).getBytes(StandardCharsets.US_ASCII);
  }
}
