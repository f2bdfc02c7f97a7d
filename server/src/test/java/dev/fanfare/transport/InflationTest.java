package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fanfare.testing.Zlib;
import dev.fanfare.transport.Inflation.Inflated;
import io.netty.buffer.Unpooled;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Compressed messages of clients: the examples of RFC 7692 section 7.2.3, and invalid data.
final class InflationTest {

  private static final int LIMIT = 131_072;

  private final Inflation inflation = new Inflation();

  @AfterEach
  void end() {
    inflation.close();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          one block,                          f248cdc9c90700,                   Hello
          a block that is not compressed,     000500faff48656c6c6f00,           Hello
          a block that ends the data,         f348cdc9c9070000,                 Hello
          two blocks,                         f24805000000ffffcac9c90700,       Hello
          two blocks that both end the data,  f348cdc9c90700f348cdc9c9070000,   HelloHello
          nothing,                            00,                               ''
          """)
  void dataOfAnyBlocksIsInflated(String what, String hex, String text) {
    assertThat(inflate(hex)).as(what).isEqualTo(text);
    assertThat(inflate("f248cdc9c90700")).as("the next message").isEqualTo("Hello");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      textBlock =
          """
          no bytes at all,                  '',                         invalid stored block lengths
          a block of no kind,               06,                         invalid block type
          a distance into the last message, f200110000,                 invalid distance too far back
          a stored block with two lengths,  000500ffff48656c6c6f00,     invalid stored block lengths
          the empty block that is left out, f248cdc9c907000000ffff,     invalid stored block lengths
          a cut,                            f248cdc9,                   invalid stored block lengths
          half a stored block,              0064009bff4865,            truncated
          """)
  void invalidDataIsRefusedAndTheNextMessageIsNotAffected(String what, String hex, String reason) {
    inflate("f248cdc9c90700");
    Inflated inflated = inflation.inflate(Unpooled.wrappedBuffer(bytes(hex)), LIMIT);
    assertThat(inflated).as(what).isEqualTo(new Inflated.Corrupt(reason));
    assertThat(inflate("f248cdc9c90700")).as("the next message").isEqualTo("Hello");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 16_383, 16_384, 16_385, LIMIT - 1, LIMIT})
  void aMessageMayBeAsLongAsAllowedAndNoLonger(int length) {
    byte[] message = new byte[length];
    Arrays.fill(message, (byte) 'x');
    byte[] deflated = Zlib.deflate(message);
    assertThat(inflation.inflate(Unpooled.wrappedBuffer(deflated), length))
        .isInstanceOfSatisfying(
            Inflated.Message.class, m -> assertThat(m.bytes()).isEqualTo(message));
    assertThat(inflation.inflate(Unpooled.wrappedBuffer(deflated), length - 1))
        .isEqualTo(new Inflated.TooBig(length));
  }

  /// Twenty megabytes, of which no more are inflated than a message may have.
  @Test
  void aBombCostsNoMoreMemoryThanALongMessage() {
    byte[] bomb = Zlib.deflate(new byte[20 << 20]);
    assertThat(bomb.length).isLessThan(LIMIT);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    inflate("f248cdc9c90700");
    long before = threads.getCurrentThreadAllocatedBytes();
    Inflated inflated = inflation.inflate(Unpooled.wrappedBuffer(bomb), LIMIT);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(inflated)
        .isInstanceOfSatisfying(
            Inflated.TooBig.class, big -> assertThat(big.bytes()).isGreaterThan(LIMIT));
    assertThat(allocated).isLessThan(5L * LIMIT);
  }

  @Test
  void dataWithTooManyFinalBlocksIsRefused() {
    assertThat(inflate("0300".repeat(Inflation.MAX_ENDS) + "00")).isEmpty();
    assertThat(
            inflation.inflate(
                Unpooled.wrappedBuffer(bytes("0300".repeat(Inflation.MAX_ENDS + 1) + "00")), LIMIT))
        .isEqualTo(new Inflated.Corrupt("more than 256 final blocks"));
  }

  private String inflate(String hex) {
    return switch (inflation.inflate(Unpooled.wrappedBuffer(bytes(hex)), LIMIT)) {
      case Inflated.Message message -> new String(message.bytes(), StandardCharsets.UTF_8);
      case Inflated other -> other.toString();
    };
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
