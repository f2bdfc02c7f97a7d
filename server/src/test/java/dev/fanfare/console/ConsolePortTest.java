package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.budget.Share;
import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.Role;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The console's port, byte by byte: who is answered, and with which headers.
final class ConsolePortTest {

  private static final String CHANNELS = "/api/apps/1234/channels";

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private RawHttp.Answer send(String bytes) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(bytes).next();
    }
  }

  private static String get(String host, String target) {
    return "GET " + target + " HTTP/1.1\r\n" + host + "\r\n\r\n";
  }

  private static String signed(String path) {
    return path + "?" + RawHttp.query(ConsoleNode.APP, "GET", path, "");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Host: evil.example",
        "Host: evil.example:9602",
        "Host: localhost.evil.example",
        "Host: 127.0.0.1.evil.example:80",
        "Host:",
        "X-Forwarded-Host: localhost"
      })
  void aHostThatIsNotOursIsRefused(String host) throws IOException {
    assertThat(send(get(host, signed(CHANNELS))).line())
        .isEqualTo(
            "421 {\"error\":\"This host name is not the console's: use localhost or the address of"
                + " console_host\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "LOCALHOST:9602", "127.0.0.1", "[::1]:1", "127.0.0.1:80"})
  void ourHostsAreAnswered(String host) throws IOException {
    assertThat(send(get("Host: " + host, signed(CHANNELS))).line())
        .isEqualTo("200 {\"total\":0,\"channels\":[]}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/apps/1234/channels | 401 | Log in, or sign the request",
        "/api/apps/9/channels | 401 | Log in, or sign the request",
        "/api/apps/1234/channels?auth_key=x | 401 | Unknown auth_key",
        "/api/apps/9/channels?auth_key=x | 404 | Unknown app id 9",
        "/api/stream | 400 | Missing parameter: app",
        "/api/stream?app=9 | 401 | Log in, or sign the request",
        "/api/stream?app=1234 | 401 | Log in, or sign the request",
        "/api/overview | 401 | Log in, or sign the request",
        "/api/overview?auth_key=x | 401 | Unknown auth_key",
        "/api/overview?auth_key=278d425bdf160c739803 | 401 | Version required",
        "/api/me | 401 | Log in, or sign the request",
        "/api | 404 | Unknown path",
        "/api/ | 404 | Unknown path",
        "/api/apps | 401 | Log in, or sign the request",
        "/api/apps/1234 | 404 | Unknown path",
        "/api/apps/1234/nothing | 404 | Unknown path",
        "/metrics | 404 | Unknown path",
        "/../../etc/passwd | 404 | Unknown path"
      })
  void withoutASignatureNothingIsAnswered(String target, int status, String reason)
      throws IOException {
    assertThat(send(get("Host: localhost", target)).line())
        .isEqualTo(status + " {\"error\":\"" + reason + "\"}");
  }

  @Test
  void aSignatureIsOfOneAppAndOnePath() throws IOException {
    String query = RawHttp.query(ConsoleNode.OTHER, "GET", CHANNELS, "");
    assertThat(send(get("Host: localhost", CHANNELS + "?" + query)).line())
        .startsWith("401 ")
        .contains("Unknown auth_key");
    String ofTheApi = RawHttp.query(ConsoleNode.APP, "GET", "/apps/1234/channels", "");
    assertThat(send(get("Host: localhost", CHANNELS + "?" + ofTheApi)).line())
        .startsWith("401 ")
        .contains("Invalid signature");
    String old = Api.signedQuery(ConsoleNode.APP, "GET", CHANNELS, "", "", 1_000);
    assertThat(send(get("Host: localhost", CHANNELS + "?" + old)).line())
        .startsWith("401 ")
        .contains("Timestamp expired");
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
  void aReadHasNoOtherMethod(String method) throws IOException {
    RawHttp.Answer answer =
        send(method + " " + signed(CHANNELS) + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    assertThat(answer.line()).isEqualTo("405 {\"error\":\"Method not allowed, use GET\"}");
    assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/api/apps/1234/channels", "/api/apps/1234/nothing", "/none", "/api/overview"})
  void everyAnswerHasTheHeaders(String path) throws IOException {
    for (String host : new String[] {"Host: localhost", "Host: evil.example"}) {
      RawHttp.Answer answer = send(get(host, signed(path)));
      assertThat(answer.header("Content-Security-Policy"))
          .isEqualTo(
              "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src"
                  + " 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none';"
                  + " require-trusted-types-for 'script'; trusted-types lit-html");
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(answer.header("Referrer-Policy")).isEqualTo("no-referrer");
      assertThat(answer.header("Cross-Origin-Opener-Policy")).isEqualTo("same-origin");
      assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
    }
  }

  @Test
  void headHasNoBody() throws IOException {
    String query = RawHttp.query(ConsoleNode.APP, "HEAD", CHANNELS, "");
    try (RawHttp http = new RawHttp(node.port())) {
      String head = "HEAD " + CHANNELS + "?" + query + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
      assertThat(http.send(head).nextHead().status()).isEqualTo(200);
      assertThat(http.send(get("Host: localhost", signed(CHANNELS))).next().status())
          .isEqualTo(200);
    }
  }

  @Test
  void anotherHostThanLoopbackIsRefusedAtTheStart() {
    assertThatThrownBy(() -> start(ConsoleNode.ON.withHost("0.0.0.0")))
        .rootCause()
        .hasMessage(
            "console_host is \"0.0.0.0\", which is no loopback address, but console_users is empty:"
                + " only users with passwords can log in from elsewhere");
    ConsoleUser ann = ConsoleNode.user("ann", Role.VIEWER);
    ConsoleOptions open = ConsoleNode.ON.withHost("0.0.0.0").withUsers(List.of(ann));
    assertThatThrownBy(() -> start(open))
        .rootCause()
        .hasMessage(
            "console_host is \"0.0.0.0\", which is no loopback address, but there is no"
                + " tls_certificate: passwords would be readable on the network. Behind a proxy"
                + " with TLS, set console_insecure: true");
    start(open.withInsecure(true));
  }

  @Test
  void aPortInUseIsNamed() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> start(ConsoleNode.ON.withPort(taken.getLocalPort())))
          .hasMessageContaining(
              "cannot listen on 127.0.0.1:"
                  + taken.getLocalPort()
                  + " for the console (console_host, console_port): Address already in use");
    }
  }

  private static void start(ConsoleOptions options) {
    new ConsoleNode(TestNode.PARTS.withConsole(options), ConsoleNode.APP).close();
  }

  @Test
  void thereIsNothingOfItWhileItIsOff() {
    try (TestNode plain = TestNode.start()) {
      assertThat(plain.server().consolePort()).isZero();
    }
    ConsoleServer off =
        new ConsoleServer(
            ConsoleOptions.DEFAULTS,
            TestNode.apps(ConsoleNode.APP),
            new Share("console", "", 0),
            InstantSource.system());
    assertThat(off.listeners()).isEmpty();
    assertThat(off.tracing(2)).isNull();
    off.close();
  }
}
