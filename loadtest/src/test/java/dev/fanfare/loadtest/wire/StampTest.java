package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StampTest {

  @Test
  void isReadableText() {
    byte[] text = new byte[Stamp.LENGTH];
    Stamp.write(text, 0, 0x12, 0xabc, 0x1f, 0xdeadbeef);
    assertThat(new String(text, StandardCharsets.US_ASCII))
        .isEqualTo("@fanfare" + "0012" + "0abc" + "0000001f" + "deadbeef");
  }

  @Test
  void markerEqualsALittleEndianLoad() {
    ByteBuffer text = ByteBuffer.wrap("@fanfare".getBytes(StandardCharsets.US_ASCII));
    assertThat(text.order(ByteOrder.LITTLE_ENDIAN).getLong(0)).isEqualTo(Stamp.MARKER);
  }

  @Test
  void everyDigitIsReadBack() {
    for (int value : new int[] {0, 1, 9, 10, 15, 0x89abcdef, 0xffffffff, 0x12345678, 0x90a0f0c0}) {
      byte[] digits = "%08x".formatted(value).getBytes(StandardCharsets.US_ASCII);
      long word = ByteBuffer.wrap(digits).order(ByteOrder.LITTLE_ENDIAN).getLong();
      assertThat(Stamp.hex(word)).isEqualTo(value);
    }
  }
}
