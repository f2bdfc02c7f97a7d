package dev.fanfare.transport.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.fanfare.testing.ErrorLog;
import dev.fanfare.transport.ServerOptions;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A stream of bytes on a new socket, cut into segments of the length in its first byte: the
/// responses are HTTP, every buffer is released, nothing is logged as an error.
final class HttpFuzzTest {

  private static final Pattern STATUS_LINE =
      Pattern.compile(
          "HTTP/1\\.1 (100 Continue|101 |200 |202 |204 |400 |401 |403 |404 |405 |413 |414 |417 |426"
              + " |431 |501 |503 |505 )");

  @FuzzTest
  void anyStreamIsAnsweredWithHttp(byte[] stream) {
    try (ErrorLog errors = ErrorLog.open()) {
      check(stream);
      assertThat(errors.lines()).isEmpty();
    }
  }

  private static void check(byte[] stream) {
    EmbeddedSocket socket = new EmbeddedSocket(ServerOptions.DEFAULTS);
    int step = stream.length == 0 || stream[0] == 0 ? stream.length : stream[0] & 0xff;
    for (int from = 1; from < stream.length; from += step) {
      socket.receive(stream, from, Math.min(stream.length, from + step));
    }
    String sent = new String(socket.end(), StandardCharsets.ISO_8859_1);
    if (!sent.isEmpty()) {
      Matcher first = STATUS_LINE.matcher(sent);
      assertThat(first.lookingAt()).as(sent).isTrue();
    }
    assertThat(socket.leakedBytes()).as("bytes not released").isZero();
  }
}
