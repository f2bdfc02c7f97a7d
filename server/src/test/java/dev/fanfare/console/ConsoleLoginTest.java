package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawHttp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Logging in with a link, byte by byte, and what a session may do.
final class ConsoleLoginTest {

  private static final String TYPE = "Content-Type: application/json";
  private static final String MARK = "X-Fanfare-Console: 1";
  private static final String ORIGIN = "Origin: http://localhost";
  private static final String ME =
      "{\"name\":\"link\",\"role\":\"admin\",\"apps\":[\"1234\",\"2\"],\"payloads\":true}\n";

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private RawHttp.Answer send(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(request).next();
    }
  }

  private RawHttp.Answer post(String path, String body, String... more) throws IOException {
    List<String> headers = new ArrayList<>(List.of(TYPE, MARK, ORIGIN));
    headers.addAll(List.of(more));
    return send(RawHttp.request("POST", path, body, headers.toArray(String[]::new)));
  }

  private RawHttp.Answer get(String target, String... headers) throws IOException {
    return send(RawHttp.request("GET", target, "", headers));
  }

  private String link() {
    return Objects.requireNonNull(node.node().server().consoleLink());
  }

  private RawHttp.Answer login() throws IOException {
    return post("/api/login", "{\"link\":\"" + link() + "\"}");
  }

  /// The header of a request with a new session.
  private String session() throws IOException {
    String cookie = Objects.requireNonNull(login().header("Set-Cookie"));
    return "Cookie: other=1; " + cookie.split(";", 2)[0];
  }

  @Test
  void aLinkLogsInOnce() throws IOException {
    String body = "{\"link\":\"" + link() + "\"}";
    RawHttp.Answer answer = post("/api/login", body);
    assertThat(answer.line()).isEqualTo("200 " + ME);
    assertThat(answer.header("Set-Cookie"))
        .matches("fanfare_console=[A-Za-z0-9_-]{43}; Path=/; HttpOnly; SameSite=Strict");
    assertThat(post("/api/login", body).line())
        .isEqualTo("401 {\"error\":\"This link was used before, or is older than ten minutes\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"link\":\"x\"} | 401 | This link was used before, or is older than ten minutes",
        "{\"link\":\"\"} | 401 | This link was used before, or is older than ten minutes",
        "{\"link\":1} | 400 | Expected parameter link to be a string",
        "{} | 400 | Missing parameter: link, or name and password",
        "[] | 400 | Expected a JSON object"
      })
  void nothingElseLogsIn(String body, int status, String reason) throws IOException {
    RawHttp.Answer answer = post("/api/login", body);
    assertThat(answer.line()).isEqualTo(status + " {\"error\":\"" + reason + "\"}");
    assertThat(answer.header("Set-Cookie")).isNull();
  }

  @Test
  void aSessionReadsEverythingThatASignatureReads() throws IOException {
    String cookie = session();
    assertThat(get("/api/me", cookie).line()).isEqualTo("200 " + ME);
    assertThat(get("/api/overview", cookie).line()).startsWith("200 {\"version\":");
    for (String path :
        new String[] {"connections", "channels", "channels/x", "refusals", "traces"}) {
      for (String app : new String[] {"1234", "2"}) {
        assertThat(get("/api/apps/" + app + "/" + path, cookie).status()).as(path).isEqualTo(200);
      }
    }
    assertThat(get("/api/apps/9/channels", cookie).line())
        .isEqualTo("404 {\"error\":\"Unknown app id 9\"}");
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(RawHttp.request("GET", "/api/stream?app=2", "", cookie));
      RawHttp.Answer head = http.nextHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("Content-Type")).isEqualTo("text/event-stream");
    }
  }

  @Test
  void aSignatureSaysWhoItIs() throws IOException {
    String query = RawHttp.query(ConsoleNode.OTHER, "GET", "/api/me", "");
    assertThat(get("/api/me?" + query).line())
        .isEqualTo(
            "200 {\"name\":\"app 2\",\"role\":\"viewer\",\"apps\":[\"2\"],\"payloads\":true}\n");
  }

  @Test
  void loggingOutEndsTheSession() throws IOException {
    String cookie = session();
    RawHttp.Answer answer = post("/api/logout", "{}", cookie);
    assertThat(answer.line()).isEqualTo("200 {}\n");
    assertThat(answer.header("Set-Cookie"))
        .isEqualTo("fanfare_console=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0");
    assertThat(get("/api/me", cookie).line())
        .isEqualTo("401 {\"error\":\"The session has ended: log in again\"}");
  }

  @Test
  void aStreamEndsWithItsSession() throws IOException {
    String cookie = session();
    try (RawHttp http = new RawHttp(node.port(), Duration.ofMinutes(2))) {
      http.send(RawHttp.request("GET", "/api/stream?app=2", "", cookie, "Connection: close"))
          .nextHead();
      assertThat(post("/api/logout", "{}", cookie).status()).isEqualTo(200);
      assertThat(http.isEnded()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fanfare_console=x",
        "fanfare_console",
        "__Host-fanfare=x",
        "x=fanfare_console=y",
        "fanfare_console=; a"
      })
  void anotherCookieIsNoSession(String cookie) throws IOException {
    assertThat(get("/api/me", "Cookie: " + cookie).status()).isEqualTo(401);
  }

  /// Each of the three guards is needed by each change, in any form but the right one.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X: y | X-Fanfare-Console: 1 | Origin: http://localhost",
        "Content-Type: text/plain | X-Fanfare-Console: 1 | Origin: http://localhost",
        "Content-Type: application/jsonp | X-Fanfare-Console: 1 | Origin: http://localhost",
        "Content-Type: application/json | X: y | Origin: http://localhost",
        "Content-Type: application/json | X-Fanfare-Console: 0 | Origin: http://localhost",
        "Content-Type: application/json | X-Fanfare-Console: 1 | X: y",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Origin: null",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Origin: http://evil.example",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Origin: http://localhost:80",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Origin: localhost",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Sec-Fetch-Site: same-site",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Sec-Fetch-Site: cross-site",
        "Content-Type: application/json | X-Fanfare-Console: 1 | Sec-Fetch-Site: none"
      })
  void aChangeFromAnotherPlaceIsRefused(String type, String mark, String origin)
      throws IOException {
    String cookie = session();
    for (String path : new String[] {"/api/login", "/api/logout", "/api/link"}) {
      RawHttp.Answer answer = send(RawHttp.request("POST", path, "{}", type, mark, origin, cookie));
      assertThat(answer.line()).startsWith("403 {\"error\":\"A change ");
    }
    assertThat(get("/api/me", cookie).status()).isEqualTo(200);
  }

  @Test
  void bothSignsOfTheOriginMustAgree() throws IOException {
    String cookie = session();
    assertThat(post("/api/logout", "{}", cookie, "Sec-Fetch-Site: cross-site").status())
        .isEqualTo(403);
    assertThat(post("/api/logout", "{}", cookie, "Sec-Fetch-Site: same-origin").status())
        .isEqualTo(200);
  }

  @Test
  void aChangeHasNoOtherMethod() throws IOException {
    RawHttp.Answer answer = get("/api/logout");
    assertThat(answer.line()).isEqualTo("405 {\"error\":\"Method not allowed, use POST\"}");
    assertThat(answer.header("Allow")).isEqualTo("POST");
  }

  @Test
  void aBodyHasALimit() throws IOException {
    String body = "{\"link\":\"" + "x".repeat(1 << 20) + "\"}";
    assertThat(post("/api/login", body).line())
        .isEqualTo("413 {\"error\":\"The body has more than 1048576 bytes\"}");
  }

  @Test
  void aLinkNeedsTheFileOfTheServersUser() throws IOException {
    assertThat(post("/api/link", "{\"proof\":\"x\"}").line())
        .isEqualTo("401 {\"error\":\"This is not what the file of the server's user contains\"}");
    assertThat(post("/api/link", "{}").status()).isEqualTo(401);
  }
}
