package dev.fanfare.transport.websocket;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.server.EmbeddedSocket;
import java.nio.charset.StandardCharsets;

/// A stream of bytes on an upgraded socket, cut into segments of the length in its first byte: the
/// responses are valid frames, every buffer is released, nothing is logged as an error.
final class WebSocketFuzzTest {

  private static final byte[] HANDSHAKE =
      """
      GET /app/278d425bdf160c739803?protocol=7 HTTP/1.1\r
      Host: localhost\r
      Upgrade: websocket\r
      Connection: Upgrade\r
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
      Sec-WebSocket-Version: 13\r
      \r
      """
          .getBytes(StandardCharsets.US_ASCII);

  @FuzzTest
  void anyStreamIsAnsweredWithValidFrames(byte[] stream) {
    try (ErrorLog errors = ErrorLog.open()) {
      check(stream);
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void check(byte[] stream) {
    EmbeddedSocket socket = new EmbeddedSocket(ServerOptions.DEFAULTS);
    socket.receive(HANDSHAKE, 0, HANDSHAKE.length);
    int step = stream.length == 0 || stream[0] == 0 ? stream.length : stream[0] & 0xff;
    for (int from = 1; from < stream.length; from += step) {
      socket.receive(stream, from, Math.min(stream.length, from + step));
    }
    byte[] sent = socket.end();
    int code = ServerFrames.check(sent, headLength(sent));
    assertThat(code).as("the server's own failures").isNotEqualTo(CloseCode.RECONNECT.code());
    assertThat(socket.leakedBytes()).as("bytes not released").isZero();
  }

  private static int headLength(byte[] sent) {
    String text = new String(sent, StandardCharsets.ISO_8859_1);
    assertThat(text).startsWith("HTTP/1.1 101 ");
    return text.indexOf("\r\n\r\n") + 4;
  }
}
