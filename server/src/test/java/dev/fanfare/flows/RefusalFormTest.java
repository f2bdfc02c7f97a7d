package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A refusal is plain text, or JSON for clients that ask for it, as the .NET SDK does.
final class RefusalFormTest {

  private static final Limits ONE_READ = Limits.HOSTED.withMaxHttpReadsPerSecond(1);

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP.withLimits(ONE_READ));
    node.server().readiness().refuse(Cause.SHUTDOWN, "No \"files\" are left");
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static Answer ask(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(request).next();
    }
  }

  private static String signedQuery(String method, String path, String query) {
    long now = System.currentTimeMillis() / 1_000;
    String signed = Api.signedQuery(PlainApp.APP, method, path, query, "", now);
    return RawHttp.request(method, path + "?" + signed, "");
  }

  /// A request for each kind of refusal, and its line.
  private static Map<String, String> refusals() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put(RawHttp.request("GET", "/nowhere", ""), "404 Unknown path /nowhere");
    all.put(RawHttp.request("PUT", "/apps/3/events", ""), "405 Method not allowed, use POST");
    all.put(
        RawHttp.signed(PlainApp.APP, "POST", "/events", "{}"),
        "400 Missing required parameter: name");
    all.put(RawHttp.request("POST", "/apps/3/events", ""), "401 Missing parameter: auth_key");
    all.put(RawHttp.request("GET", "/ready", ""), "503 No \"files\" are left");
    all.put(
        RawHttp.signed(PlainApp.APP, "GET", "/webhooks/x", ""),
        "400 A webhook id is a number, not \"x\"");
    all.put(
        signedQuery("GET", "/apps/3/webhooks", "endpoint="),
        "400 endpoint is empty, but must be the URL of an endpoint");
    all.put(
        "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 5000000\r\n\r\n",
        "413 The request body of 5000000 bytes exceeds the allowed maximum (1048576 bytes,"
            + " max_request_bytes)");
    all.put(
        "POST /a HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\nContent-Length: 2\r\n\r\n",
        "417 Unknown expectation, only 100-continue is supported");
    all.put(
        "GET /live HTTP/1.1\r\nHost: a b\r\n\r\n",
        "400 The Host header is not a host name with an optional port");
    all.put(
        "GET /app/k HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n\r\n",
        "400 The Connection header must contain Upgrade; a proxy on the way may have changed the"
            + " request");
    return all;
  }

  @Test
  @Tag("one-node")
  void isTextThatEndsWithALineFeed() throws IOException {
    for (Map.Entry<String, String> refusal : refusals().entrySet()) {
      Answer answer = ask(refusal.getKey());
      assertThat(answer.line()).isEqualTo(refusal.getValue());
      assertThat(answer.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
    }
  }

  @Test
  @Tag("one-node")
  void isJsonForClientsThatAcceptJson() throws IOException {
    for (Map.Entry<String, String> refusal : refusals().entrySet()) {
      Answer answer =
          ask(refusal.getKey().replaceFirst("\r\n", "\r\nAccept: application/json\r\n"));
      String status = refusal.getValue().substring(0, 3);
      String reason = refusal.getValue().substring(4).replace("\"", "\\\"");
      assertThat(answer.status() + " " + answer.body())
          .isEqualTo(status + " {\"error\":\"" + reason + "\"}");
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }
  }

  @Test
  void soIsARefusalByARate() throws IOException {
    String json = "Accept: application/json";
    for (int i = 0; ; i++) {
      Answer answer = ask(RawHttp.signed(PlainApp.APP, "GET", "/channels", "", json));
      if (answer.status() == 429) {
        assertThat(answer.body())
            .isEqualTo(
                "{\"error\":\"Over quota: 0 of 1 reads per second are left"
                    + " (max_http_reads_per_second)\"}");
        assertThat(answer.header("Retry-After")).isEqualTo("1");
        return;
      }
      assertThat(i).as("reads allowed in a row").isLessThan(20);
    }
  }

  @Test
  void soIsARequestThatCannotBeParsed() throws IOException {
    Answer answer =
        ask("POST /a HTTP/1.1\r\nHost: x\r\nAccept: application/json\r\nContent-Length: x\r\n\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).startsWith("{\"error\":\"Unreadable request: ").endsWith("\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/json",
        "Application/JSON;charset=utf-8",
        "application/json, text/plain, */*",
        "text/html, application/json;q=0.5",
        "text/plain;q=0.5, application/json; q=0.8",
      })
  void theseAskForJson(String accept) throws IOException {
    Answer answer = ask(RawHttp.request("GET", "/nowhere", "", "Accept: " + accept));
    assertThat(answer.body()).isEqualTo("{\"error\":\"Unknown path /nowhere\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*/*",
        "application/*",
        "text/plain",
        "application/json;q=0",
        "application/json;q=x",
        "application/json;q=0.5, text/plain",
        "application/jsonp",
        "",
      })
  void theseDoNot(String accept) throws IOException {
    Answer answer = ask(RawHttp.request("GET", "/nowhere", "", "Accept: " + accept));
    assertThat(answer.body()).isEqualTo("Unknown path /nowhere\n");
  }

  @Test
  void successIsNotConcerned() throws IOException {
    String json = "Accept: application/json";
    Answer answer = ask(RawHttp.request("GET", "/live", "", json));
    assertThat(answer.body()).isEqualTo("OK");
  }
}
