package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Headers that RFC 9110 asks of every response.
final class ResponseHeadersTest {

  private final ManualClock clock = new ManualClock();
  private final TestNode node = TestNode.start(clock.clocks(), PlainApp.APP);

  @AfterEach
  void stop() {
    node.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /live HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS /apps/3/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /app/key HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET\r\n\r\n"
      })
  void everyResponseHasADate(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(request).next().header("Date"))
          .isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /live HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /apps/3/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "OPTIONS /apps/3/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /app/key HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET\r\n\r\n"
      })
  void noResponseMayBeTakenForAnotherType(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(request).next().header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  @Test
  void theDateAdvances() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      clock.advance(Duration.ofMillis(999));
      assertThat(date(http)).isEqualTo("Thu, 01 Jan 2026 00:00:00 GMT");
      clock.advance(Duration.ofMillis(1));
      assertThat(date(http)).isEqualTo("Thu, 01 Jan 2026 00:00:01 GMT");
      clock.advance(Duration.ofDays(158));
      assertThat(date(http)).isEqualTo("Mon, 08 Jun 2026 00:00:01 GMT");
    }
  }

  private static String date(RawHttp http) throws IOException {
    return String.valueOf(http.send(RawHttp.request("GET", "/live", "")).next().header("Date"));
  }

  /// RFC 9110 section 11.6.1.
  @Test
  void a401NamesTheSchemeThatIsExpected() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      Answer answer = http.send(RawHttp.request("GET", "/apps/3/channels", "")).next();
      assertThat(answer.status()).isEqualTo(401);
      assertThat(answer.header("WWW-Authenticate"))
          .isEqualTo("Pusher-Signature auth_version=\"1.0\"");
      assertThat(http.send(RawHttp.request("GET", "/nowhere", "")).next().lines())
          .noneMatch(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("www-auth"));
    }
  }
}
