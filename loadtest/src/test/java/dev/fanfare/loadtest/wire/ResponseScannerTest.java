package dev.fanfare.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResponseScannerTest {

  private static final String PIPELINED =
      """
      HTTP/1.1 200 OK\r
      content-type: application/json\r
      content-length: 2\r
      \r
      {}HTTP/1.1 401 Unauthorized\r
      Content-Length: 7\r
      Connection: close\r
      \r
      go awayHTTP/1.1 100 Continue\r
      \r
      HTTP/1.1 200 OK\r
      Transfer-Encoding: chunked\r
      \r
      3\r
      {"a\r
      5;x=y\r
      ":1}\n\r
      0\r
      \r
      HTTP/1.1 204 No Content\r
      \r
      """;

  private static final List<String> EXPECTED =
      List.of("200 false {}", "401 true go away", "200 false {\"a\":1}\n", "204 false ");

  @Test
  void everySplitIntoTwoGivesTheSame() {
    byte[] stream = PIPELINED.getBytes(StandardCharsets.UTF_8);
    for (int cut = 0; cut <= stream.length; cut++) {
      List<String> found = new ArrayList<>();
      ResponseScanner scanner = scanner(found);
      scanner.scan(ByteBuffer.wrap(stream, 0, cut));
      scanner.scan(ByteBuffer.wrap(stream, cut, stream.length - cut));
      assertThat(found).as("cut at byte %d", cut).isEqualTo(EXPECTED);
    }
  }

  @Test
  void oneByteAtATime() {
    List<String> found = new ArrayList<>();
    ResponseScanner scanner = scanner(found);
    for (byte each : PIPELINED.getBytes(StandardCharsets.UTF_8)) {
      scanner.scan(ByteBuffer.wrap(new byte[] {each}));
    }
    assertThat(found).isEqualTo(EXPECTED);
  }

  @Test
  void bytesThatAreNotHttpAreReported() {
    List<String> found = new ArrayList<>();
    scanner(found).scan(ByteBuffer.wrap("SSH-2.0-Open\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
    assertThat(found).containsExactly("0 true not HTTP: SSH-2.0-Open\r\n\r\n");
  }

  private static ResponseScanner scanner(List<String> found) {
    return new ResponseScanner(
        (status, closes, body) -> found.add(status + " " + closes + " " + body));
  }
}
