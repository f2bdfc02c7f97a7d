package dev.fanfare.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.transport.Inflation.Inflated;
import io.netty.buffer.Unpooled;

/// Any compressed data is a message within the limit or is refused; our own output is inflated.
final class InflationFuzzTest {

  private static final int MAX_BYTES = 1_000;

  @FuzzTest
  void anyCompressedDataIsReadWithinTheLimitOrRefused(byte[] bytes) {
    try (Inflation inflation = new Inflation();
        Deflation deflation = new Deflation()) {
      switch (inflation.inflate(Unpooled.wrappedBuffer(bytes), MAX_BYTES)) {
        case Inflated.Message message ->
            assertThat(message.bytes()).hasSizeLessThanOrEqualTo(MAX_BYTES);
        case Inflated.Corrupt corrupt -> assertThat(corrupt.reason()).isNotBlank();
        case Inflated.TooBig _ -> {}
      }
      byte[] compressed = deflation.deflate(bytes);
      if (compressed.length > 0) {
        assertThat(inflation.inflate(Unpooled.wrappedBuffer(compressed), bytes.length))
            .isInstanceOfSatisfying(
                Inflated.Message.class, m -> assertThat(m.bytes()).isEqualTo(bytes));
      }
    }
  }
}
