package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static dev.fanfare.flows.PlainApp.subscriber;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One TCP connection and the requests on it, as bytes.
final class HttpConnectionTest {

  private static TestNode node;

  @BeforeAll
  static void start() {
    node = TestNode.start(PlainApp.APP);
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  private static String publish(String channel, String... headers) {
    String body =
        "{\"name\":\"e\",\"channel\":\""
            + channel
            + "\",\"data\":\"é\",\"info\":\"subscription_count\"}";
    return RawHttp.signed(PlainApp.APP, "POST", "/events", body, headers);
  }

  private static String counted(String channel) {
    return "{\"channels\":{\"" + channel + "\":{\"subscription_count\":0}}}";
  }

  private static String list(String... headers) {
    return RawHttp.signed(PlainApp.APP, "GET", "/channels", "", headers);
  }

  @Test
  @Tag("one-node")
  void aResponseHasATypeAndALength() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(publish("a")).next().lines())
          .filteredOn(line -> !line.startsWith("date: "))
          .containsExactlyInAnyOrder(
              "HTTP/1.1 200 OK",
              "content-type: application/json",
              "content-length: 43",
              "connection: keep-alive",
              "keep-alive: timeout=660",
              "Access-Control-Allow-Origin: *",
              "X-Content-Type-Options: nosniff");
      Answer refused = http.send(RawHttp.request("GET", "/é", "")).next();
      assertThat(refused.header("Content-Type")).isEqualTo("text/plain; charset=utf-8");
      assertThat(refused.line()).isEqualTo("404 Unknown path /é");
    }
  }

  @Test
  void manyRequestsShareOneConnectionWhateverTheirStatus() throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 100; i++) {
        Answer answer = http.send(publish("c" + i)).next();
        assertThat(answer.body()).isEqualTo(counted("c" + i));
        assertThat(answer.header("Connection")).isEqualTo("keep-alive");
        assertThat(http.send(RawHttp.request("POST", "/x", "ignored")).next().status())
            .isEqualTo(404);
      }
    }
  }

  @Test
  void pipelinedRequestsAreAnsweredInTheirOrder() throws IOException {
    String all =
        IntStream.range(0, 200)
            .mapToObj(i -> i % 3 == 0 ? RawHttp.request("GET", "/" + i, "") : publish("c" + i))
            .collect(Collectors.joining());
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(all);
      for (int i = 0; i < 200; i++) {
        assertThat(http.next().line())
            .isEqualTo(i % 3 == 0 ? "404 Unknown path /" + i : "200 " + counted("c" + i));
      }
    }
  }

  @Test
  void aRequestMayBeSplitAtEveryByte() throws IOException {
    byte[] request = publish("split").getBytes(StandardCharsets.UTF_8);
    try (RawSocket socket = new RawSocket(node.port())) {
      for (byte b : request) {
        socket.send(new byte[] {b});
      }
      expectAnswer(socket);
      for (int at = 1; at < request.length; at++) {
        socket.send(Arrays.copyOf(request, at));
        socket.send(Arrays.copyOfRange(request, at, request.length));
        expectAnswer(socket);
      }
    }
  }

  private static void expectAnswer(RawSocket socket) throws IOException {
    assertThat(socket.readHead()).startsWith("HTTP/1.1 200 OK\r\n");
    assertThat(socket.readBody(counted("split").length())).isEqualTo(counted("split"));
  }

  @Test
  void requestsAfterTheOneThatClosesTheConnectionAreIgnored() throws IOException {
    try (TestNode own = TestNode.start(PlainApp.APP);
        RawSocket socket = subscriber(own, "late");
        RawHttp http = new RawHttp(own.port())) {
      http.send(list("Connection: close") + publish("late") + list());
      Answer answer = http.next();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Connection")).isEqualTo("close");
      assertThat(http.isEnded()).isTrue();
      try (RawHttp again = new RawHttp(own.port())) {
        again.send(publish("late")).next();
      }
      assertThat(socket.nextText()).isEqualTo(frame("e", "late", "\"é\""));
      socket.expectNothing();
    }
  }

  @Test
  void http10ClosesUnlessItAsksNotTo() throws IOException {
    String old = list().replace("HTTP/1.1", "HTTP/1.0");
    String lasting = old.replace("Host: localhost", "Connection: keep-alive");
    try (RawHttp http = new RawHttp(node.port())) {
      for (int i = 0; i < 3; i++) {
        Answer answer = http.send(lasting).next();
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.header("Connection")).isEqualTo("keep-alive");
      }
      Answer last = http.send(old).next();
      assertThat(last.status()).isEqualTo(200);
      assertThat(last.header("Connection")).isEqualTo("close");
      assertThat(http.isEnded()).isTrue();
    }
  }

  @Test
  void headAnswersLikeGetWithoutTheBody() throws IOException {
    String path = "/apps/3/channels";
    String target = path + "?" + RawHttp.query(PlainApp.APP, "HEAD", path, "");
    try (RawHttp http = new RawHttp(node.port())) {
      Answer answer = http.send(RawHttp.request("HEAD", target, "")).nextHead();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("Content-Length")).isEqualTo("15");
      assertThat(answer.header("Content-Type")).isEqualTo("application/json");
      assertThat(http.send(RawHttp.request("HEAD", "/nowhere", "")).nextHead().status())
          .isEqualTo(404);
      assertThat(http.send(list()).next().body()).isEqualTo("{\"channels\":{}}");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://localhost:6001", "https://example.com", "http://[::1]:80"})
  void theTargetMayBeAbsoluteAsForProxies(String host) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(list().replace("GET /", "GET " + host + "/"));
      assertThat(http.next().body()).isEqualTo("{\"channels\":{}}");
    }
  }

  @Test
  void aClientThatDoesNotReadIsNotReadEither() throws Exception {
    String padding = "x".repeat(15_000);
    int requests = 2_000;
    AtomicInteger sent = new AtomicInteger();
    try (RawHttp http = new RawHttp(node.port())) {
      Thread sender =
          Thread.startVirtualThread(() -> {
            while (sent.get() < requests) {
              sendQuietly(http, RawHttp.request("GET", "/" + sent.get() + padding, ""));
              sent.incrementAndGet();
            }
          });
      int before;
      do {
        before = sent.get();
      } while (!sender.join(Duration.ofMillis(200)) && sent.get() > before);
      assertThat(sent.get())
          .as("requests that the server read while its answers were unread")
          .isLessThan(requests);
      for (int i = 0; i < requests; i++) {
        assertThat(http.next().body()).startsWith("Unknown path /" + i + "x");
      }
      assertThat(sender.join(Duration.ofSeconds(5))).as("everything was sent").isTrue();
    }
  }

  private static void sendQuietly(RawHttp http, String request) {
    try {
      http.send(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
