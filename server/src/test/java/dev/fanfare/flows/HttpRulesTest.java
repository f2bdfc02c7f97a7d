package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What RFC 9112 and RFC 6455 require of a request's head, and the headers that proxies add.
@SuppressWarnings("StringConcatToTextBlock") // the bytes of the line breaks matter
final class HttpRulesTest {

  private static final String EVENT = "{\"name\":\"e\",\"channel\":\"hop\",\"data\":\"x\"}";

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  /// The status of the answer to a request head, and whether it closes the connection; `~` is a
  /// line end.
  private static String status(String head) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      Answer answer = http.send(lines(head + " ~ ~")).nextHead();
      return answer.status() + (answer.lines().contains("connection: close") ? " close" : "");
    }
  }

  private static String lines(String text) {
    return text.replaceAll(" ?~ ?", "\r\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET /live HTTP/1.1                                               | 400
          GET /live HTTP/1.1 ~ Host: a ~ Host: a                           | 400
          GET /live HTTP/1.1 ~ Host: a ~ host: b                           | 400
          GET /live HTTP/1.1 ~ Host: a b/c@d                               | 400
          GET /live HTTP/1.1 ~ Host: a/b                                   | 400
          GET /live HTTP/1.1 ~ Host: user@a                                | 400
          GET /live HTTP/1.1 ~ Host: a, b c                                | 400
          GET /live HTTP/1.1 ~ Host: a:b                                   | 400
          GET /live HTTP/1.1 ~ Host: a:80:80                               | 400
          GET /live HTTP/1.1 ~ Host: [::1                                  | 400
          GET /live HTTP/1.1 ~ Host: []                                    | 400
          GET /live HTTP/1.1 ~ Host: [::1]x                                | 400
          GET http://a/live HTTP/1.1                                       | 400
          GET /live HTTP/1.0 ~ Host: a ~ Host: b                           | 400
          GET /live HTTP/1.0                                               | 200
          GET /live HTTP/1.1 ~ Host:                                       | 200
          GET /live HTTP/1.1 ~ Host: fan_fare.my-net:6001                  | 200
          GET /live HTTP/1.1 ~ Host: 192.0.2.1                             | 200
          GET /live HTTP/1.1 ~ Host: [2001:db8::1]:6001                    | 200
          GET /live HTTP/1.1 ~ Host: [fe80::1%25eth0]                      | 200
          GET /live HTTP/1.1 ~ Host: a:                                    | 200
          GET http://b/live HTTP/1.1 ~ Host: a                             | 200
          GET /live HTTP/1.1 ~ Host : a                                    | 400
          GET /live HTTP/2.0 ~ Host: a                                     | 505
          GET /live HTTP/1.1 ~ Host: a ~ Transfer-Encoding: gzip, chunked  | 501
          GET /live HTTP/1.1 ~ Host: a ~ Transfer-Encoding: chunked ~ Transfer-Encoding: chunked | 400
          GET /live HTTP/1.1 ~ Host: a ~ Transfer-Encoding: x, chunked     | 501
          """)
  void headsOfRequests(String head, String status) throws IOException {
    boolean ends = head.contains("HTTP/1.0") || !status.equals("200");
    assertThat(status(head)).isEqualTo(status + (ends ? " close" : ""));
  }

  /// Section 6.3: without `chunked` at the end nothing says where the body ends.
  @ParameterizedTest
  @ValueSource(strings = {"gzip", "chunked, gzip", "identity", "chunked;x", "\u000bchunked"})
  void aTransferCodingThatDoesNotEndWithChunkedIsRefused(String coding) throws IOException {
    assertThat(status("POST /a HTTP/1.1 ~ Host: a ~ Transfer-Encoding: " + coding))
        .isIn("400 close", "501 close");
  }

  /// Section 6.1: a sender of both may try to smuggle a request past a proxy.
  @Test
  void afterALengthAndAChunkedCodingTheConnectionEnds() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String both = "POST /a HTTP/1.1 ~ Host: a ~ Content-Length: 5 ~ Transfer-Encoding: chunked";
      http.send(lines(both + " ~ ~ 0 ~ ~ GET /live HTTP/1.1 ~ Host: a ~ ~"));
      Answer answer = http.nextHead();
      assertThat(answer.status()).isBetween(400, 499);
      assertThat(answer.header("Connection")).isEqualTo("close");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          GET /app/KEY?protocol=7 HTTP/1.1 ~ Host: a ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 101
          GET /app/KEY?protocol=7 HTTP/1.1 ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==           | 400
          GET /app/KEY?protocol=7 HTTP/1.0 ~ Host: a ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 400
          GET /app/KEY?protocol=7 HTTP/1.1 ~ Host: a ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== ~ Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA== | 400
          GET /app/KEY?protocol=7 HTTP/1.1 ~ Host: a ~ Sec-WebSocket-Version: 8 ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426
          POST /app/KEY?protocol=7 HTTP/1.1 ~ Host: a ~ Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ== | 426
          """)
  void headsOfHandshakes(String head, String status) throws IOException {
    String upgrade = " ~ Upgrade: websocket ~ Connection: Upgrade ~ Sec-WebSocket-Version: 13";
    assertThat(status(head.replace("KEY?", PlainApp.APP.key() + "?") + upgrade)).startsWith(status);
  }

  /// nginx adds them with `proxy_set_header`, the JDK's client and curl offer HTTP/2.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection: Upgrade",
        "Upgrade:  ~ Connection: upgrade",
        "Connection: Upgrade, HTTP2-Settings ~ "
            + "Upgrade: h2c ~ "
            + "HTTP2-Settings: AAEAAEAAAAIAAAABAAM",
        "Upgrade: websocket ~ Connection: Upgrade",
        "Upgrade: websocket",
        "Upgrade: websocket ~ Connection: Upgrade ~ Sec-WebSocket-Key: x",
        "Proxy-Connection: keep-alive ~ Keep-Alive: timeout=5 ~ TE: trailers ~ Connection: TE",
      })
  void whatAProxyAddsToAPublishIsIgnored(String headers) throws IOException {
    try (RawSocket socket = subscriber(node, "hop");
        RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 2; i++) {
        http.send(RawHttp.signed(PlainApp.APP, "POST", "/events", EVENT, lines(headers)));
        assertThat(http.next().line()).isEqualTo("200 {}");
        assertThat(socket.nextText()).isEqualTo(frame("e", "hop", "\"x\""));
      }
    }
  }

  @Test
  void whatAProxyAddsToAReadIsIgnoredToo() throws IOException {
    String[] headers = {"Upgrade: websocket", "Connection: Upgrade"};
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.signed(PlainApp.APP, "GET", "/channels", "", headers));
      assertThat(http.next().status()).isEqualTo(200);
      assertThat(http.send(RawHttp.request("GET", "/ready", "", headers)).next().line())
          .isEqualTo("200 OK");
    }
  }
}
