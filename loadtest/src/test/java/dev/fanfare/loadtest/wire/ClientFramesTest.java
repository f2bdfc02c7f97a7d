package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class ClientFramesTest {

  @Test
  void shortFramesAreMasked() {
    // 'a' ^ 5a, 'b' ^ 21
    assertThat(hex(ClientFrames.text("ab"))).isEqualTo("81825a21c37e3b43");
    assertThat(hex(ClientFrames.close())).isEqualTo("88825a21c37e59c9");
  }

  @Test
  void lengthsUseTheShortestForm() {
    assertThat(hex(ClientFrames.text("x".repeat(125)))).startsWith("81fd5a21c37e");
    assertThat(hex(ClientFrames.text("x".repeat(126)))).startsWith("81fe007e5a21c37e");
    assertThat(hex(ClientFrames.text("x".repeat(65_535)))).startsWith("81feffff5a21c37e");
    assertThat(hex(ClientFrames.text("x".repeat(65_536))))
        .startsWith("81ff00000000000100005a21c37e")
        .hasSize(2 * (14 + 65_536));
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
