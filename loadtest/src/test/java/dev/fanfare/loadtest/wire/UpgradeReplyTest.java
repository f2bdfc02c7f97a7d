package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.fanfare.protocol.Parsed;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class UpgradeReplyTest {

  private static final String SWITCH =
      """
      HTTP/1.1 101 Switching Protocols\r
      upgrade: websocket\r
      sec-websocket-accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r
      \r
      """;

  private final UpgradeReply reply = new UpgradeReply(false);

  @Test
  void framesMayFollowTheHeader() {
    assertThat(reply.add(bytes(SWITCH.substring(0, 40)))).isFalse();
    assertThat(reply.add(bytes(SWITCH.substring(40) + "frames"))).isTrue();
    assertThat(reply.check()).isEqualTo(Parsed.PASSED);
    assertThat(reply.rest()).isEqualTo(bytes("frames"));
  }

  @Test
  void aRefusalIsQuoted() {
    assertThat(reply.add(bytes("HTTP/1.1 404 Not Found\r\n\r\nno such path\n"))).isTrue();
    assertThat(reason(reply)).isEqualTo("HTTP/1.1 404 Not Found: no such path");
  }

  @Test
  void theAcceptValueIsChecked() {
    assertThat(reply.add(bytes(SWITCH.replace("s3p", "s4p")))).isTrue();
    assertThat(reason(reply)).contains("with a wrong Sec-WebSocket-Accept");
  }

  @Test
  void compressionIsOffered() {
    assertThat(new String(UpgradeReply.request("h:1", "k", true), StandardCharsets.UTF_8))
        .endsWith(
            "Sec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Extensions: permessage-deflate; server_no_context_takeover;"
                + " client_no_context_takeover\r\n\r\n");
    assertThat(new String(UpgradeReply.request("h:1", "k", false), StandardCharsets.UTF_8))
        .endsWith("Sec-WebSocket-Version: 13\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "permessage-deflate; server_no_context_takeover | -",
        "permessage-deflate; client_no_context_takeover | permessage-deflate with"
            + " context takeover",
        "x-other | a response without permessage-deflate, which --compressed requires"
      })
  void compressionMustBeAcceptedWithoutContextTakeover(String extension, @Nullable String refusal) {
    UpgradeReply compressed = new UpgradeReply(true);
    String accepted =
        SWITCH.replace("upgrade:", "Sec-WebSocket-Extensions: " + extension + "\r\nup:");
    assertThat(compressed.add(bytes(accepted))).isTrue();
    if (refusal == null) {
      assertThat(compressed.check()).isEqualTo(Parsed.PASSED);
    } else {
      assertThat(reason(compressed)).startsWith(refusal);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String reason(UpgradeReply reply) {
    return reply.check() instanceof Parsed.Bad(String reason)
        ? reason
        : fail("the upgrade was accepted");
  }
}
