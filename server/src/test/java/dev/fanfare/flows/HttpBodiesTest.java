package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.protocol.Signature;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How request bodies are read, and how too large ones are refused: with an answer that gives the
/// reason and arrives.
final class HttpBodiesTest {

  private static final int MAX = 1_000;
  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"✓\"}";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = HttpNode.withMaxRequestBytes(MAX, PlainApp.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /// The head of a signed publish of `body`, with the headers that describe the body.
  private static String head(String body, String... headers) {
    return RawHttp.request("POST", target(body), "", headers);
  }

  private static String target(String body) {
    return "/apps/3/events?" + RawHttp.query(PlainApp.APP, "POST", "/apps/3/events", body);
  }

  private static String padded(int bytes) {
    int length = EVENT.getBytes(StandardCharsets.UTF_8).length;
    return EVENT + " ".repeat(bytes - length);
  }

  private static void expectTooLarge(RawHttp http, String actual) throws IOException {
    Answer answer = http.next();
    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.reason())
        .isEqualTo(
            "The request body "
                + actual
                + "exceeds the allowed maximum (1000 bytes, max_request_bytes)");
    assertThat(answer.header("Connection")).isEqualTo("close");
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(http.isEnded()).isTrue();
  }

  @Test
  void aBodyOfMaximumSizeIsAcceptedAndOneByteMoreIsNot() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String body = padded(MAX);
      assertThat(http.send(RawHttp.request("POST", target(body), body)).next().body())
          .isEqualTo("{}");
      String larger = padded(MAX + 1);
      http.send(RawHttp.request("POST", target(larger), larger));
      expectTooLarge(http, "of 1001 bytes ");
    }
  }

  @Test
  void anAnnouncedBodyIsRefusedBeforeItIsSent() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head("", "Content-Length: 5000000000"));
      expectTooLarge(http, "of 5000000000 bytes ");
    }
  }

  @Test
  void theAnswerReachesClientsThatSendEverythingFirst() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head("", "Content-Length: 20000000"));
      http.send(" ".repeat(20_000_000));
      http.send(RawHttp.signed(PlainApp.APP, "GET", "/channels", ""));
      expectTooLarge(http, "of 20000000 bytes ");
    }
  }

  @Test
  void aChunkedBodyIsRefusedOnceItIsTooLarge() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head("", "Transfer-Encoding: chunked"));
      for (int i = 0; i < 11; i++) {
        http.send("64\r\n" + " ".repeat(100) + "\r\n");
      }
      expectTooLarge(http, "");
    }
  }

  @Test
  void aChunkedBodyIsOneBody() throws IOException {
    byte[] bytes = EVENT.getBytes(StandardCharsets.UTF_8);
    StringBuilder chunks = new StringBuilder();
    for (String c : EVENT.split("", -1)) {
      int length = c.getBytes(StandardCharsets.UTF_8).length;
      chunks.append(length == 0 ? "" : length + ";ext=1\r\n" + c + "\r\n");
    }
    String request = head(EVENT, "Transfer-Encoding: chunked") + chunks + "0\r\nTrailer: x\r\n\r\n";
    assertThat(request).contains("body_md5=" + Signature.md5(bytes));
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(request + request + RawHttp.signed(PlainApp.APP, "GET", "/channels", ""));
      assertThat(http.next().body()).isEqualTo("{}");
      assertThat(http.next().body()).isEqualTo("{}");
      assertThat(http.next().body()).isEqualTo("{\"channels\":{}}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"100-continue", "100-Continue"})
  void anExpectationToContinueIsConfirmed(String expectation) throws IOException {
    int length = EVENT.getBytes(StandardCharsets.UTF_8).length;
    try (RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 2; i++) {
        http.send(head(EVENT, "Expect: " + expectation, "Content-Length: " + length));
        assertThat(http.nextHead().lines().getFirst()).isEqualTo("HTTP/1.1 100 Continue");
        assertThat(http.send(EVENT).next().body()).isEqualTo("{}");
      }
    }
  }

  @Test
  void anExpectationToContinueAboveTheLimitIsRefusedBeforeTheBody() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head("", "Expect: 100-continue", "Content-Length: 1001"));
      expectTooLarge(http, "of 1001 bytes ");
    }
  }

  @Test
  void anUnknownExpectationIsRefused() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head("", "Expect: 200-maybe", "Content-Length: 10"));
      Answer answer = http.next();
      assertThat(answer.status()).isEqualTo(417);
      assertThat(answer.reason()).isEqualTo("Unknown expectation, only 100-continue is supported");
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void http10ExpectsNothing() throws IOException {
    int length = EVENT.getBytes(StandardCharsets.UTF_8).length;
    String head = head(EVENT, "Expect: 100-continue", "Content-Length: " + length);
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(head.replace("HTTP/1.1", "HTTP/1.0") + EVENT);
      assertThat(http.next().status()).isEqualTo(200);
      assertThat(http.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Transfer-Encoding: chunked\r\n\r\nmany\r\n",
        "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "Content-Length: -1\r\n\r\n",
        "Content-Length: many\r\n\r\n"
      })
  void anInvalidLengthIsABadRequest(String rest) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send("POST " + target(EVENT) + " HTTP/1.1\r\nHost: localhost\r\n" + rest);
      Answer answer = http.next();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.body()).startsWith("Unreadable request: ");
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void aClientThatStaysOpenAfterTheLastResponseIsClosedInFiveSeconds() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode held = TestNode.start(clock, PlainApp.APP);
        RawHttp http = new RawHttp(held.port())) {
      http.send(head("", "Content-Length: 5000000000"));
      assertThat(http.next().status()).isEqualTo(413);
      clock.advance(Duration.ofSeconds(5));
      http.sendUntilRefused();
    }
  }
}
