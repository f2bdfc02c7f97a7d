package dev.fanfare.doctor.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.doctor.Examination;
import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.doctor.wire.SignedCall;
import dev.fanfare.doctor.wire.Words;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is read out of answers that no proxy in these tests gives: literal answers in, findings
/// out.
final class RefusalsTest {

  private static final String SIGNED =
      "auth_key=278d425bdf160c739803&auth_timestamp=1767225600&auth_version=1.0"
          + "&body_md5=0f4b0cf4d9cf1e0a3c1c5f6a7d8e9f00";

  private static HttpAnswer answer(int status, String type, String body) {
    return new HttpAnswer(status, List.of("Content-Type: " + type), body);
  }

  private static Visit visit() throws IOException {
    return new Visit(Examination.options("ws://localhost:6001", TestNode.APP));
  }

  private static Outcome.Failed ofPublish(HttpAnswer answer) throws IOException {
    HttpCall call = new HttpCall("POST", "/apps/1234/events?" + SIGNED, List.of(), "{}");
    String toSign = "POST\n/apps/1234/events\n" + SIGNED;
    return ApiRefusal.explain(visit(), new SignedCall(call, "/apps/1234/events", toSign), answer);
  }

  private static String shouldHaveSigned(String method, String path, String query) {
    return "Invalid signature: you should have sent HmacSHA256Hex(\""
        + String.join("\\n", method, path, query)
        + "\", your_secret_key), but you sent \"00\"";
  }

  @Test
  void changesOnTheWayAreReported() throws IOException {
    assertThat(ofPublish(answer(401, "text/plain", "Invalid body_md5: the MD5 of …")).finding())
        .isEqualTo("401: the body was changed on its way to the server");
    String method = shouldHaveSigned("GET", "/apps/1234/events", SIGNED);
    assertThat(ofPublish(answer(401, "text/plain", method)).finding())
        .isEqualTo("401: POST arrives as GET");
    String path = shouldHaveSigned("POST", "/x/apps/1234/events", SIGNED);
    assertThat(ofPublish(answer(401, "text/plain", path)).finding())
        .endsWith("/apps/1234/events arrives as /x/apps/1234/events");
    String query = shouldHaveSigned("POST", "/apps/1234/events", SIGNED + "&utm=1");
    assertThat(ofPublish(answer(401, "text/plain", query)).finding())
        .isEqualTo("401: the query was changed on its way to the server");
    String same = shouldHaveSigned("POST", "/apps/1234/events", SIGNED);
    assertThat(ofPublish(answer(401, "text/plain", same)).finding())
        .endsWith("the secret is wrong");
  }

  @ParameterizedTest
  @CsvSource({
    "401, text/plain, 'Timestamp expired: Given timestamp (…)', '401: \"Timestamp expired'",
    "401, application/json, '{\"error\":\"The signature is incorrect\"}', '401: \"{\"'",
    "403, text/html, <p>Just a moment</p>, '403, not from Fanfare: \"Just a moment\"'",
    "429, text/plain, Over quota, '429: \"Over quota\"'",
    "503, text/plain, too many events are waiting for delivery, '503: \"too many'",
    "503, text/html, <h1>Service Unavailable</h1>, 503 from the proxy",
    "504, text/html, <h1>Gateway Time-out</h1>, 504 from the proxy",
    "200, text/html, <h1>Shop</h1>, 200, but not the response",
    "500, text/plain, x, '500: \"x\"'"
  })
  void aRefusedPublishIsExplained(int status, String type, String body, String finding)
      throws IOException {
    assertThat(ofPublish(answer(status, type, body)).finding()).contains(finding);
  }

  @ParameterizedTest
  @CsvSource({
    "400, The Sec-WebSocket-Key header must hold 16 bytes in base64, was changed on its way",
    "426, Only WebSocket version 13 is supported, was changed on its way",
    "426, Upgrade required, the headers Upgrade and Connection did not arrive",
    "400, Request Header Or Cookie Too Large, 400 instead of 101",
    "403, Attention required, requires a login or permission",
    "407, x, a gateway requires a login",
    "429, too many handshakes, '429: \"too many handshakes\"'",
    "505, x, without WebSockets",
    "500, x, 500 instead of 101"
  })
  void aRefusedUpgradeIsExplained(int status, String body, String finding) throws IOException {
    assertThat(UpgradeRefusal.explain(visit(), answer(status, "text/plain", body)).finding())
        .contains(finding);
  }

  @Test
  void oneBadAddressAmongGoodOnesIsAWarning() throws IOException {
    try (TestNode node = TestNode.start();
        Visit visit =
            new Visit(Examination.options("ws://localhost:" + node.port(), TestNode.APP))) {
      InetAddress bad = InetAddress.ofLiteral("127.0.0.2");
      visit.setAddresses(List.of(bad, InetAddress.ofLiteral("127.0.0.1")));
      Outcome outcome = new TcpCheck().run(visit, Deadline.in(Duration.ofSeconds(5)));
      assertThat(outcome).isInstanceOf(Outcome.Warned.class);
      assertThat(outcome.finding())
          .contains("connected to 127.0.0.1 port ", "but not to 127.0.0.2 port ", ": refused");
      assertThat(visit.dialer().address().getHostAddress()).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void responsesHaveSeveralForms() throws IOException {
    assertThat(read("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nabc").body()).isEqualTo("ab");
    assertThat(read("HTTP/1.0 200 OK\r\n\r\nabc").body()).isEqualTo("abc");
    String chunks =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\n";
    assertThat(read(chunks).body()).isEqualTo("abc");
    assertThat(read("HTTP/1.1 204 No Content\r\n\r\nabc").body()).isEmpty();
  }

  private static HttpAnswer read(String bytes) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return HttpAnswer.readHead(in).readBody(in);
  }

  @Test
  void untrustedTextIsMadeSafeToPrint() {
    String hostile = "<b>a\u001b[31m\r\nb</b> " + "0".repeat(64) + " " + "x".repeat(300);
    assertThat(Words.brief(hostile))
        .startsWith("\"a [31m b … xxx")
        .endsWith("x…\"")
        .hasSizeLessThan(210);
  }

  @Test
  void signedRequestsAreThoseOfTheSdks() {
    SignedCall.Publishing as =
        new SignedCall.Publishing("3", TestNode.APP.key(), TestNode.APP.secret());
    InstantSource clock = () -> Instant.ofEpochSecond(1_353_088_179L);
    SignedCall call = SignedCall.publish(as, "project-3", "foo", "{}", clock);
    assertThat(call.call().body())
        .isEqualTo("{\"name\":\"foo\",\"data\":\"{}\",\"channels\":[\"project-3\"]}");
    assertThat(call.call().target())
        .startsWith(
            "/apps/3/events?auth_key=278d425bdf160c739803&auth_timestamp=1353088179"
                + "&auth_version=1.0&body_md5=");
  }
}
