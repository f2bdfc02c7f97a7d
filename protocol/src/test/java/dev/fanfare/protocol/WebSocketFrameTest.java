package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Frames of clients as literal bytes, and those of servers read back.
final class WebSocketFrameTest {

  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static Parsed<WebSocketFrame> read(String hex) throws IOException {
    byte[] bytes = HexFormat.of().parseHex(hex);
    return WebSocketFrame.read(new ByteArrayInputStream(bytes), 0, 1_000_000);
  }

  private static WebSocketFrame good(String hex) throws IOException {
    return ((Parsed.Ok<WebSocketFrame>) read(hex)).value();
  }

  /// The examples of RFC 6455 section 5.7.
  @Test
  void theExamplesOfTheStandard() throws IOException {
    assertThat(hex(WebSocketFrame.text("Hello").masked(MASK))).isEqualTo("818537fa213d7f9f4d5158");
    assertThat(hex(WebSocketFrame.text("Hello").unmasked())).isEqualTo("810548656c6c6f");
    assertThat(good("810548656c6c6f").text()).isEqualTo("Hello");
    WebSocketFrame part = good("010348656c");
    assertThat(part.text()).isEqualTo("Hel");
    assertThat(part.isFinal()).isFalse();
    assertThat(good("80026c6f").opcode()).isEqualTo(WebSocketFrame.CONTINUATION);
    assertThat(good("890548656c6c6f").opcode()).isEqualTo(WebSocketFrame.PING);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8100",
    "125, 817d",
    "126, 817e007e",
    "65535, 817effff",
    "65536, 817f0000000000010000"
  })
  void lengthsUseTheShortestForm(int length, String header) throws IOException {
    byte[] payload = new byte[length];
    Arrays.fill(payload, (byte) 'x');
    WebSocketFrame frame = WebSocketFrame.whole(WebSocketFrame.TEXT, payload);
    byte[] unmasked = frame.unmasked();
    assertThat(hex(unmasked)).startsWith(header).hasSize(header.length() + 2 * length);
    assertThat(WebSocketFrame.headerBytes(unmasked[1])).isEqualTo(header.length() / 2);
    assertThat(frame.masked(MASK)).hasSize(unmasked.length + MASK.length);
    assertThat(good(hex(unmasked)).payload()).isEqualTo(payload);
  }

  @Test
  void closeFramesHaveACodeAndAReason() throws IOException {
    WebSocketFrame close = good(hex(WebSocketFrame.close(4001, "é").unmasked()));
    assertThat(close.closeCode()).isEqualTo(4001);
    assertThat(close.closeReason()).isEqualTo("é");
    assertThat(good("8800").closeCode()).isEqualTo(WebSocketFrame.NO_CODE);
    assertThat(good("8800").closeReason()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "818100000000, a masked frame",
    "c100, a frame with reserved bits: 64",
    "a100, a frame with reserved bits: 32",
    "817f7fffffffffffffff, a frame of 9223372036854775807 bytes",
    "817fffffffffffffffff, a frame of 18446744073709551615 bytes",
    "817f00000000000f4241, a frame of 1000001 bytes"
  })
  void whatNoServerMaySendIsAValue(String hex, String reason) throws IOException {
    assertThat(read(hex)).isEqualTo(new Parsed.Bad<WebSocketFrame>(reason));
  }

  @Test
  void negotiatedBitsMayBeSet() throws IOException {
    byte[] compressed = {(byte) 0xc1, 0};
    Parsed<WebSocketFrame> frame =
        WebSocketFrame.read(new ByteArrayInputStream(compressed), WebSocketFrame.RSV1, 10);
    assertThat(((Parsed.Ok<WebSocketFrame>) frame).value().reserved())
        .isEqualTo(WebSocketFrame.RSV1);
  }

  @ParameterizedTest
  @CsvSource({
    "818537fa213d7f9f4d5158, 129, Hello",
    "810548656c6c6f, 129, Hello",
    "c18137fa213d7f, 193, H",
    "8800, 136, ''",
    "f18000000000, 241, ''"
  })
  void framesOfEitherSideAreRead(String hex, int first, String text) throws IOException {
    InputStream in = new ByteArrayInputStream(HexFormat.of().parseHex(hex));
    WebSocketFrame frame = ((Parsed.Ok<WebSocketFrame>) WebSocketFrame.readAny(in, 5)).value();
    assertThat(frame.first()).isEqualTo(first);
    assertThat(frame.text()).isEqualTo(text);
    assertThat(in.available()).isZero();
  }

  @Test
  void framesOfEitherSideAreLimited() throws IOException {
    InputStream in = new ByteArrayInputStream(HexFormat.of().parseHex("8186000000"));
    assertThat(WebSocketFrame.readAny(in, 5))
        .isEqualTo(new Parsed.Bad<WebSocketFrame>("a frame of 6 bytes"));
    InputStream cut = new ByteArrayInputStream(HexFormat.of().parseHex("818537fa213d7f9f4d51"));
    assertThatThrownBy(() -> WebSocketFrame.readAny(cut, 5)).isInstanceOf(EOFException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "81", "817e", "817e00", "8105", "810548656c6c"})
  void theEndOfTheInputIsAnException(String hex) {
    assertThatThrownBy(() -> read(hex)).isInstanceOf(EOFException.class);
  }
}
