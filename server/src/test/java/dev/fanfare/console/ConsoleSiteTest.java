package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawHttp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The files of the pages: which paths have one, and with which headers.
final class ConsoleSiteTest {

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private RawHttp.Answer get(String target, String... headers) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(RawHttp.request("GET", target, "", headers)).next();
    }
  }

  private static String page() throws IOException {
    try (InputStream file =
        ConsoleSiteTest.class.getResourceAsStream("/dev/fanfare/console/pages/index.html")) {
      return new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/?x=y",
        "/index.html",
        "/apps",
        "/apps/1/live",
        "/apps/1/connections/123.456",
        "/apps/1/channels/private-x.js",
        "/apps/1/channels/..%2F..%2Fx",
        "/apps/1/trace/7/to/123.456",
        "/nodes",
        "/config",
        "/doctor",
        "/login"
      })
  void everyScreenIsTheSamePage(String path) throws IOException {
    RawHttp.Answer answer = get(path);
    assertThat(answer.line()).isEqualTo("200 " + page());
    assertThat(answer.header("Content-Type")).isEqualTo("text/html; charset=utf-8");
    assertThat(answer.header("Cache-Control")).isEqualTo("no-cache");
    assertThat(answer.header("Vary")).isEqualTo("Accept-Encoding");
    assertThat(answer.header("ETag")).matches("\"[0-9a-f]{32}\"");
    assertThat(answer.header("Content-Security-Policy"))
        .startsWith("default-src 'none'; script-src 'self'; ");
    assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/none.js",
        "/none.class",
        "/ConsolePort.class",
        "/../ConsolePort.class",
        "/..%2FConsolePort.class",
        "/%2e%2e/ConsolePort.class",
        "/app/../index.html",
        "/app/..%2findex.html",
        "/app/%2e%2e/index.html",
        "/./index.html",
        "/index.html/",
        "/index.html%00.js",
        "/index%2ehtml",
        "/.html",
        "/nodes/1",
        "/a/b/c/d/e.js",
        "/../../../../logback.xml",
        "/logback.xml"
      })
  void nothingElseIsServed(String path) throws IOException {
    assertThat(get(path).line()).isEqualTo("404 {\"error\":\"Unknown path\"}");
  }

  @Test
  void aPictureHasItsType() throws IOException {
    RawHttp.Answer answer = get("/favicon.svg");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Type")).isEqualTo("image/svg+xml");
  }

  @Test
  void aScriptOfALibraryIsAModule() throws IOException {
    RawHttp.Answer answer = get("/vendor/uplot/uPlot.iife.min.js");
    assertThat(answer.line()).contains("var uPlot=").endsWith("\nexport default uPlot;\n");
    assertThat(get("/vendor/lit-html/lit-html.js").line()).doesNotContain("export default");
  }

  @Test
  void aPageThatIsKnownIsNotSentAgain() throws IOException {
    String tag = Objects.requireNonNull(get("/").header("ETag"));
    RawHttp.Answer answer = get("/", "If-None-Match: " + tag);
    assertThat(answer.status()).isEqualTo(304);
    assertThat(answer.header("ETag")).isEqualTo(tag);
    assertThat(get("/", "If-None-Match: \"x\"").status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br, gzip", "gzip;q=0.5, br", "*"})
  void aPageIsCompressedIfTheClientAllowsIt(String encodings) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + node.port() + "/"))
                  .header("Accept-Encoding", encodings)
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertThat(response.headers().firstValue("Content-Encoding")).hasValue("gzip");
      assertThat(response.headers().firstValue("ETag").orElseThrow())
          .matches("\"[0-9a-f]{32}-gzip\"");
      try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(response.body()))) {
        assertThat(new String(plain.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(page());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"br", "identity", "gzip;q=0", "gzip; q=0.0", "x-gzip-no", ""})
  void elseItIsPlain(String encodings) throws IOException {
    RawHttp.Answer answer = get("/", "Accept-Encoding: " + encodings);
    assertThat(answer.header("Content-Encoding")).isNull();
    assertThat(answer.line()).isEqualTo("200 " + page());
  }

  @Test
  void aPageCannotBePosted() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      RawHttp.Answer answer = http.send(RawHttp.request("POST", "/", "")).next();
      assertThat(answer.line()).isEqualTo("405 {\"error\":\"Method not allowed, use GET\"}");
    }
  }

  @Test
  void anotherHostGetsNoPage() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      String request = "GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n";
      assertThat(http.send(request).next().status()).isEqualTo(421);
    }
  }
}
