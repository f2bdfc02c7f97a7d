package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Paths, methods and apps of requests, and the refusals of all others (section 6.3).
final class HttpAddressesTest {

  private static final App DISABLED = Apps.another("5", AppOptions.DEFAULTS.withEnabled(false));

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP, PlainApp.OTHER, DISABLED);
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

  private static Answer ask(String method, String target) throws IOException {
    return ask(RawHttp.request(method, target, ""));
  }

  private static String line(Answer answer) {
    return answer.line();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/nowhere", "/apps", "/apps/3", "/apps/3/event", "/apps/3/events/", "/health"})
  void anUnknownPathIsNotFound(String path) throws IOException {
    assertThat(line(ask("GET", path))).isEqualTo("404 Unknown path " + path);
    assertThat(line(ask("OPTIONS", path))).isEqualTo("404 Unknown path " + path);
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /apps/3/events, 'POST, OPTIONS'",
    "PUT, /apps/3/batch_events, 'POST, OPTIONS'",
    "HEAD, /apps/3/events, 'POST, OPTIONS'",
    "POST, /apps/3/channels, 'GET, HEAD, OPTIONS'",
    "DELETE, /apps/3/channels/a, 'GET, HEAD, OPTIONS'",
    "post, /apps/3/events, 'POST, OPTIONS'",
    "GET, /apps/3/users/1/terminate_connections, 'POST, OPTIONS'",
    "GET, /users/1/terminate_connections, 'POST, OPTIONS'"
  })
  void aWrongMethodGetsTheAllowedOnes(String method, String path, String allowed)
      throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      Answer answer = http.send(RawHttp.request(method, path, "")).nextHead();
      assertThat(answer.status()).isEqualTo(405);
      assertThat(answer.header("Allow")).isEqualTo(allowed);
    }
    assertThat(ask("PUT", path).reason())
        .isEqualTo("Method not allowed, use " + allowed.split(",", -1)[0]);
  }

  @Test
  void anUnknownAppIdIsNotFoundAndAForeignKeyIsUnauthorized() throws IOException {
    String unknown = RawHttp.signed(PlainApp.APP, "GET", "/channels", "").replace("/3/", "/99/");
    assertThat(line(ask(unknown))).isEqualTo("404 Unknown app id 99");
    String foreign = RawHttp.signed(PlainApp.APP, "GET", "/channels", "").replace("/3/", "/4/");
    assertThat(line(ask(foreign))).isEqualTo("401 Unknown auth_key");
  }

  @Test
  void aDisabledAppIsForbiddenWithAValidSignature() throws IOException {
    String event = "{\"name\":\"e\",\"channel\":\"c\",\"data\":\"1\"}";
    assertThat(line(ask(RawHttp.signed(DISABLED, "POST", "/events", event))))
        .isEqualTo("403 Application disabled");
    assertThat(line(ask("GET", "/apps/5/channels"))).isEqualTo("401 Missing parameter: auth_key");
  }

  @Test
  void thePathWithoutAnAppFindsItByItsKey() throws IOException {
    String path = "/users/1/terminate_connections";
    assertThat(line(ask("POST", path))).isEqualTo("401 Missing parameter: auth_key");
    assertThat(line(ask("POST", path + "?auth_key=x"))).isEqualTo("401 Unknown auth_key");
    String query = RawHttp.query(PlainApp.OTHER, "POST", path, "");
    assertThat(line(ask("POST", path + "?" + query))).isEqualTo("200 {}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/channels/presence-a,b;c=@d.e/users",
        "/channels/presence-a%2Cb%3Bc%3D%40d.e/users"
      })
  void namesMayBeEscapedOrNot(String path) throws IOException {
    assertThat(line(ask(RawHttp.signed(PlainApp.APP, "GET", path, ""))))
        .isEqualTo("200 {\"users\":[]}");
  }

  @Test
  void aPageOfAnyOriginMaySendRequests() throws IOException {
    Answer preflight =
        ask(
            RawHttp.request(
                "OPTIONS",
                "/apps/3/events?auth_key=x",
                "",
                "Origin: https://page.example",
                "Access-Control-Request-Method: POST",
                "Access-Control-Request-Headers: X-Requested-With, x-socket-id,X-CSRF-TOKEN"));
    assertThat(preflight.lines())
        .filteredOn(line -> !line.matches("(date|connection|keep-alive): .*"))
        .containsExactlyInAnyOrder(
            "HTTP/1.1 204 No Content",
            "Access-Control-Allow-Origin: *",
            "Access-Control-Allow-Methods: POST, OPTIONS",
            "Access-Control-Allow-Headers: X-Requested-With, x-socket-id,X-CSRF-TOKEN",
            "Vary: Access-Control-Request-Headers",
            "Access-Control-Max-Age: 86400",
            "X-Content-Type-Options: nosniff");
    assertThat(ask("OPTIONS", "/apps/3/channels").header("Access-Control-Allow-Methods"))
        .isEqualTo("GET, HEAD, OPTIONS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "a,,b", "a: b", "a,", "\u00e9", "<script>"})
  void anInvalidListOfHeaderNamesIsNotEchoed(String asked) throws IOException {
    Answer preflight =
        ask(
            RawHttp.request(
                "OPTIONS", "/apps/3/events", "", "Access-Control-Request-Headers: " + asked));
    assertThat(preflight.status()).isEqualTo(204);
    assertThat(preflight.header("Access-Control-Allow-Headers"))
        .isEqualTo("Content-Type, Authorization, X-Pusher-Library");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /apps/3/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /apps/3/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /apps/99/events HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /apps/3/events HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n",
        "GET /app/key HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET\r\n\r\n"
      })
  void everyRefusalMayBeReadByAPageOfAnyOrigin(String request) throws IOException {
    Answer answer = ask(request);
    assertThat(answer.status()).isBetween(400, 499);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/app/278d425bdf160c739803?protocol=7", "/app/unknown", "/app/"})
  void aWebSocketPathWithoutAnUpgradeReportsWhatIsMissing(String target) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 2; i++) {
        Answer answer = http.send(RawHttp.request("GET", target, "")).next();
        assertThat(line(answer))
            .isEqualTo(
                "426 This path is for WebSockets, and the request has no header 'Upgrade:"
                    + " websocket'. If a WebSocket client sent it, a proxy on the way has dropped"
                    + " that header");
        assertThat(answer.header("Upgrade")).isEqualTo("websocket");
        assertThat(answer.lines()).contains("connection: keep-alive", "connection: upgrade");
      }
    }
  }

  @Test
  void aConnectionThatWasUsedForHttpMayStillBeUpgraded() throws IOException {
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(RawHttp.request("OPTIONS", "/apps/3/events", ""));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 204 ");
      socket.sendHandshake("/app/" + PlainApp.APP.key() + "?protocol=7");
      assertThat(socket.readHead()).startsWith("HTTP/1.1 101 ");
      assertThat(socket.nextText()).contains("connection_established");
    }
  }

  @Test
  void aLineOrHeadersThatAreTooLongAreRefused() throws IOException {
    assertThat(line(ask("GET", "/" + "x".repeat(16_384))))
        .isEqualTo("414 Unreadable request: An HTTP line is larger than 16384 bytes.");
    String[] headers = new String[20];
    Arrays.fill(headers, "X-Long: " + "x".repeat(1_000));
    Answer answer = ask(RawHttp.request("GET", "/nowhere", "", headers));
    assertThat(line(answer))
        .isEqualTo("431 Unreadable request: HTTP header is larger than 16384 bytes.");
    assertThat(answer.header("Connection")).isEqualTo("close");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\u0000\u0000\r\n\r\n", "GET / HTTP/1.1\r\nno colon\r\n\r\n", "GET\r\n\r\n"})
  void otherProtocolsAreABadRequest(String bytes) throws IOException {
    assertThat(line(ask(bytes))).startsWith("400 Unreadable request: ");
  }

  @Test
  void behindAPrefixThePathMayBeSentAndSignedWithItOrWithout() throws IOException {
    try (TestNode prefixed = HttpNode.behind("/ws", PlainApp.APP);
        RawHttp http = new RawHttp(prefixed.port())) {
      String request = RawHttp.signed(PlainApp.APP, "GET", "/channels", "");
      assertThat(line(http.send(request.replace("/apps/", "/ws/apps/")).next()))
          .isEqualTo("200 {\"channels\":{}}");
      assertThat(line(http.send(request).next())).as("a proxy removed it").startsWith("200 ");
      String path = "/ws/apps/3/channels";
      String query = RawHttp.query(PlainApp.APP, "GET", path, "");
      for (String sent : new String[] {path, "/apps/3/channels"}) {
        assertThat(line(http.send(RawHttp.request("GET", sent + "?" + query, "")).next()))
            .isEqualTo("200 {\"channels\":{}}");
      }
      assertThat(line(http.send(RawHttp.request("GET", "/wsx/apps/3/channels", "")).next()))
          .isEqualTo("404 Unknown path /wsx/apps/3/channels");
      assertThat(http.send(RawHttp.request("GET", "/ws/app/key", "")).next().status())
          .isEqualTo(426);
      try (RawSocket socket =
          RawSocket.upgraded(prefixed.port(), "/ws/app/" + PlainApp.APP.key() + "?protocol=7")) {
        assertThat(socket.nextText()).contains("connection_established");
      }
    }
  }
}
