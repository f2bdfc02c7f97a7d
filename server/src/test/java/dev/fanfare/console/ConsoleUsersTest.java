package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.console.login.ConsoleUser;
import dev.fanfare.console.login.Role;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Authority;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import dev.fanfare.transport.ServerOptions;
import dev.fanfare.transport.address.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users with passwords: logging in, too often wrong, changed by a reload, over TLS, and what the
/// audit log says.
final class ConsoleUsersTest {

  private static final ConsoleUser ANN = ConsoleNode.user("ann", Role.OPERATOR);

  @TempDir private Path folder;

  @Test
  void aUserLogsInWithAPassword() throws IOException {
    try (ConsoleNode node = new ConsoleNode(ANN)) {
      assertThat(node.node().server().consoleLink()).isNull();
      assertThat(node.request("GET", "/api/login", "").line())
          .isEqualTo("200 {\"password\":true}\n");
      String cookie = node.login("ann");
      assertThat(node.request("GET", "/api/me", "", cookie).body())
          .startsWith("{\"name\":\"ann\",\"role\":\"operator\",");
      for (int i = 0; i < 5; i++) {
        assertThat(node.post("/api/login", "{\"name\":\"ann\",\"password\":\"x\"}").line())
            .isEqualTo("401 {\"error\":\"Name or password is wrong\"}");
      }
      assertThat(node.post("/api/login", "{\"name\":\"ann\",\"password\":\"ann\"}").line())
          .isEqualTo("429 {\"error\":\"Five logins were wrong: try again in a minute\"}");
      assertThat(node.request("GET", "/api/me", "", cookie).status()).isEqualTo(200);
    }
  }

  @Test
  void aReloadEndsSessionsAndStreams() throws IOException {
    try (ConsoleNode node = new ConsoleNode(ANN);
        RawHttp stream = new RawHttp(node.port(), Duration.ofMinutes(2))) {
      String cookie = node.login("ann");
      String request = RawHttp.request("GET", "/api/stream?app=2", "", cookie, "Connection: close");
      assertThat(stream.send(request).nextHead().status()).isEqualTo(200);
      node.node().server().useConsoleUsers(List.of(ConsoleNode.user("bob", Role.VIEWER)));
      assertThat(node.request("GET", "/api/me", "", cookie).line())
          .isEqualTo("401 {\"error\":\"The session has ended: log in again\"}");
      assertThat(stream.isEnded()).isTrue();
      assertThat(node.login("bob")).isNotEmpty();
    }
  }

  @Test
  void whoHasLoggedInIsInTheAuditLog() throws IOException {
    try (AuditLines audit = new AuditLines();
        ConsoleNode node = new ConsoleNode(ANN)) {
      String cookie = node.login("ann");
      node.post("/api/login", "{\"name\":\"ann\",\"password\":\"hush-1\"}");
      node.post("/api/login", "{\"name\":\"hush-2\",\"password\":\"hush-3\"}");
      node.post("/api/logout", "{}", cookie);
      assertThat(audit.all())
          .containsExactly(
              "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] login: accepted",
              "[who=\"ann\", address=\"127.0.0.1\"] login: Name or password is wrong",
              "[who=\"unknown user\", address=\"127.0.0.1\"] login: Name or password is wrong",
              "[who=\"ann\", role=\"operator\", address=\"127.0.0.1\"] logout: done");
    }
  }

  @Test
  void loginsThatAreNotTriedAnyMoreAreInTheAuditLog() throws IOException {
    try (AuditLines audit = new AuditLines();
        ConsoleNode node = new ConsoleNode(ANN)) {
      for (int i = 0; i < 6; i++) {
        node.post("/api/login", "{\"name\":\"ann\",\"password\":\"x\"}");
      }
      assertThat(audit.all())
          .hasSize(6)
          .last()
          .isEqualTo(
              "[who=\"ann\", address=\"127.0.0.1\"] login: Five logins were wrong: try again in a"
                  + " minute");
    }
  }

  @Test
  void withACertificateThePortSpeaksTls() throws IOException {
    Authority authority = Authority.in(folder).issue("ec");
    try (TestNode node =
        TestNode.start(
            TestNode.PARTS
                .withServer(TestNode.options(0).withTls(authority.options("ec")))
                .withConsole(ConsoleNode.ON.withHost("0.0.0.0").withUsers(List.of(ANN))),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            ConsoleNode.APP)) {
      int port = node.server().consolePort();
      String body = "{\"name\":\"ann\",\"password\":\"ann\"}";
      String request =
          RawHttp.request(
              "POST",
              "/api/login",
              body,
              "Content-Type: application/json",
              "X-Fanfare-Console: 1",
              "Origin: https://localhost",
              "Connection: close");
      try (SSLSocket socket = authority.connect(port)) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
        String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(answer)
            .startsWith("HTTP/1.1 200 OK\r\n")
            .containsPattern(
                "Set-cookie: __Host-fanfare=[\\w-]{43}; Path=/; HttpOnly; SameSite=Strict;"
                    + " Secure\r\n");
      }
    }
  }

  /// Behind a trusted proxy, those who guess lock out their own address only.
  @Test
  void theAddressBehindATrustedProxyIsCounted() throws IOException {
    ServerOptions behindProxy =
        TestNode.options(0)
            .withTrustedProxies(List.of(Objects.requireNonNull(Network.parse("127.0.0.1"))));
    ConsoleUser bob = ConsoleNode.user("bob", Role.VIEWER);
    try (AuditLines audit = new AuditLines();
        ConsoleNode node =
            new ConsoleNode(
                TestNode.PARTS
                    .withServer(behindProxy)
                    .withConsole(ConsoleNode.ON.withUsers(List.of(ANN, bob))),
                ConsoleNode.APP)) {
      String wrong = "{\"name\":\"ann\",\"password\":\"x\"}";
      String right = "{\"name\":\"bob\",\"password\":\"bob\"}";
      String guesser = "X-Forwarded-For: 198.51.100.7, 192.0.2.1";
      for (int i = 0; i < 5; i++) {
        assertThat(node.post("/api/login", wrong, guesser).status()).isEqualTo(401);
      }
      assertThat(node.post("/api/login", right, guesser).status()).isEqualTo(429);
      assertThat(node.post("/api/login", right, "X-Forwarded-For: 192.0.2.2").status())
          .isEqualTo(200);
      assertThat(audit.all().getLast())
          .isEqualTo("[who=\"bob\", role=\"viewer\", address=\"192.0.2.2\"] login: accepted");
    }
    try (ConsoleNode node = new ConsoleNode(ANN);
        AuditLines audit = new AuditLines()) {
      node.post(
          "/api/login", "{\"name\":\"ann\",\"password\":\"x\"}", "X-Forwarded-For: 192.0.2.2");
      assertThat(audit.all().getLast()).contains("address=\"127.0.0.1\"");
    }
  }
}
