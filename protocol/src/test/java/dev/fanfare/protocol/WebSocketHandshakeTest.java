package dev.fanfare.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class WebSocketHandshakeTest {

  /// The example of RFC 6455 section 1.3.
  @Test
  void theExampleOfTheStandard() {
    byte[] nonce = HexFormat.of().parseHex("7468652073616d706c65206e6f6e6365");
    WebSocketHandshake handshake = WebSocketHandshake.of(nonce);
    assertThat(handshake).isEqualTo(WebSocketHandshake.SAMPLE);
    assertThat(handshake.accept()).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
  }

  @Test
  void theRequestIsCompleteAndMayHaveMoreHeaders() {
    assertThat(WebSocketHandshake.SAMPLE.request("/app/key?protocol=7", "a.example:80"))
        .isEqualTo(
            """
            GET /app/key?protocol=7 HTTP/1.1\r
            Host: a.example:80\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Version: 13\r
            \r
            """);
    assertThat(WebSocketHandshake.SAMPLE.request("/", "a", "Origin: b", "User-Agent: c"))
        .endsWith("Sec-WebSocket-Version: 13\r\nOrigin: b\r\nUser-Agent: c\r\n\r\n");
  }
}
