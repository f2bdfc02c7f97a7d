package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class UpgradeReplyTest {

  private static final String SWITCH =
      """
      HTTP/1.1 101 Switching Protocols\r
      upgrade: websocket\r
      sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      \r
      """;

  private final UpgradeReply reply = new UpgradeReply();

  @Test
  void framesMayFollowAtOnce() {
    assertThat(reply.add(bytes(SWITCH.substring(0, 40)))).isFalse();
    assertThat(reply.add(bytes(SWITCH.substring(40) + "frames"))).isTrue();
    assertThat(reply.refusal()).isNull();
    assertThat(reply.rest()).isEqualTo(bytes("frames"));
  }

  @Test
  void aRefusalIsQuoted() {
    assertThat(reply.add(bytes("HTTP/1.1 404 Not Found\r\n\r\nno such path\n"))).isTrue();
    assertThat(reply.refusal()).isEqualTo("HTTP/1.1 404 Not Found: no such path");
  }

  @Test
  void theAcceptValueIsChecked() {
    assertThat(reply.add(bytes(SWITCH.replace("s3p", "s4p")))).isTrue();
    assertThat(reply.refusal()).contains("without the right Sec-WebSocket-Accept");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
