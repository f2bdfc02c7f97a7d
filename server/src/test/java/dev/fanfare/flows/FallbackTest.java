package dev.fanfare.flows;

import static dev.fanfare.testing.FallbackClient.line;
import static dev.fanfare.testing.FallbackClient.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FallbackClient;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawHttp.Answer;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Clients without WebSocket, in bytes: `xhr_streaming`, `xhr_polling` and what they send.
@Tag("one-node")
final class FallbackTest {

  private static final String KEY = PlainApp.APP.key();

  private static final String SUCCEEDED =
      "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"room\",\"data\":\"{}\"}";

  private static TestNode node;
  private static Api api;

  @BeforeAll
  static void start() {
    node =
        TestNode.start(
            TestNode.options(0).withMaxPendingBytes(8 * 1_024 * 1_024),
            FanfareServer.Clocks.SYSTEM,
            ServerListener.NONE,
            PlainApp.APP);
    api = new Api(node);
  }

  @AfterAll
  static void stop() {
    api.close();
    node.close();
  }

  private static FallbackClient client() {
    return new FallbackClient(node.port(), KEY);
  }

  private static Answer ask(String request) throws IOException {
    try (RawHttp http = new RawHttp(node.port())) {
      return http.send(request).next();
    }
  }

  private static String greeting(String socketId) {
    return "{\"event\":\"pusher:connection_established\",\"data\":\"{\\\"socket_id\\\":\\\""
        + socketId
        + "\\\",\\\"activity_timeout\\\":120}\"}";
  }

  @Test
  void aStreamCarriesWhatAWebSocketWould() throws IOException {
    FallbackClient client = client();
    try (FallbackClient.Stream stream = client.stream()) {
      assertThat(stream.head().lines())
          .filteredOn(header -> !header.startsWith("date: "))
          .containsExactlyInAnyOrder(
              "HTTP/1.1 200 OK",
              "content-type: application/javascript; charset=UTF-8",
              "Cache-Control: no-store, no-transform",
              "X-Accel-Buffering: no",
              "Access-Control-Allow-Origin: *",
              "X-Content-Type-Options: nosniff",
              "transfer-encoding: chunked",
              "connection: close",
              "");
      assertThat(stream.next()).isEqualTo("o{}");
      String greeting = stream.next();
      String id = greeting.replaceAll(".*?(\\d+\\.\\d+).*", "$1");
      assertThat(greeting).isEqualTo(line(greeting(id)));
      assertThat(client.send(subscribe("room"))).isEqualTo(204);
      assertThat(stream.next()).isEqualTo(line(SUCCEEDED));
      api.publish("room", "e", "é\\\"\\\\\\n😀");
      String event = PlainApp.frame("e", "room", "\"é\\\"\\\\\\n😀\"");
      assertThat(stream.next()).isEqualTo(line(event));
      assertThat(client.send("{\"event\":\"pusher:ping\",\"data\":{}}")).isEqualTo(204);
      assertThat(stream.next()).isEqualTo(line("{\"event\":\"pusher:pong\",\"data\":\"{}\"}"));
      assertThat(client.send()).isEqualTo(204);
    }
  }

  @Test
  void aPollCarriesAllThatWaits() throws IOException {
    FallbackClient client = client();
    String first = client.poll();
    String id = first.replaceAll("(?s).*?(\\d+\\.\\d+).*", "$1");
    assertThat(first).isEqualTo("o{}\n" + line(greeting(id)) + "\n");
    try (RawHttp http = new RawHttp(node.port())) {
      http.send(client.request("xhr", ""));
      assertThat(client.send(subscribe("room"))).isEqualTo(204);
      Answer answer = http.next();
      assertThat(answer.body()).isEqualTo(line(SUCCEEDED) + "\n");
      assertThat(answer.lines())
          .filteredOn(header -> !header.startsWith("date: "))
          .containsExactlyInAnyOrder(
              "HTTP/1.1 200 OK",
              "content-type: application/javascript; charset=UTF-8",
              "content-length: " + answer.body().length(),
              "Cache-Control: no-store, no-transform",
              "X-Accel-Buffering: no",
              "Access-Control-Allow-Origin: *",
              "X-Content-Type-Options: nosniff",
              "connection: keep-alive",
              "keep-alive: timeout=660");
      api.publish("room", "one", "1");
      api.publish("room", "two", "2");
      StringBuilder polled = new StringBuilder();
      while (!polled.toString().contains("two")) {
        polled.append(http.send(client.request("xhr", "")).next().body());
      }
      assertThat(polled.toString().replace("]\na[", ",").replace("\",\"", "\"]\na[\""))
          .isEqualTo(
              line(PlainApp.frame("one", "room", "\"1\""))
                  + "\n"
                  + line(PlainApp.frame("two", "room", "\"2\""))
                  + "\n");
    }
  }

  @Test
  void preflightsAreAnswered() throws IOException {
    Answer answer = ask(RawHttp.request("OPTIONS", client().path() + "/xhr_send?t=1&n=1", ""));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
    assertThat(answer.header("Access-Control-Allow-Methods")).isEqualTo("POST");
    assertThat(answer.header("Access-Control-Allow-Headers")).isEqualTo("content-type");
  }

  @Test
  void badRequestsGetAReason() throws IOException {
    FallbackClient client = client();
    String path = client.path();
    assertThat(ask(client.request("xhr_send", "[]")).line())
        .isEqualTo(
            "404 Unknown session: it has ended, or it is on another node. All requests of a session"
                + " must reach one node");
    Answer get = ask(RawHttp.request("GET", path + "/xhr", ""));
    assertThat(get.line()).isEqualTo("405 Method GET is not allowed here, use POST");
    assertThat(get.header("Allow")).isEqualTo("POST, OPTIONS");
    assertThat(ask(RawHttp.request("POST", path + "x/xhr", "")).line())
        .startsWith("404 A path of this kind is /app/KEY/SERVER/SESSION/xhr_streaming");
    try (FallbackClient.Stream stream = client.stream()) {
      stream.established();
      for (String bad :
          new String[] {
            "", "{", "{}", "[1]", "[\"a\"] x", "[null]", "\"a\"", "[\"a\"],\"body\":[\"b\"]"
          }) {
        Answer answer = ask(client.request("xhr_send", bad));
        assertThat(answer.status()).as(bad).isEqualTo(400);
        assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo("*");
      }
      assertThat(ask(client.request("xhr_send", "[" + "\"\",".repeat(64) + "\"\"]")).line())
          .isEqualTo("400 The array has 65 strings, the limit is 64");
      assertThat(client.send(subscribe("room"))).isEqualTo(204);
      assertThat(stream.next()).isEqualTo(line(SUCCEEDED));
    }
  }

  @Test
  void aRefusedClientReadsWhyAndTheCode() throws IOException {
    FallbackClient unknown = new FallbackClient(node.port(), "nope");
    String reason = "App key nope not in this cluster. Did you forget to specify the cluster?";
    String refusal =
        "o{}\n"
            + line(
                "{\"event\":\"pusher:error\",\"data\":{\"code\":4001,\"message\":\""
                    + reason
                    + "\"}}")
            + "\nc[4001,\""
            + reason
            + "\"]\n";
    assertThat(unknown.poll()).isEqualTo(refusal);
    assertThat(ask(unknown.request("xhr_streaming", "")).body()).isEqualTo(refusal);
    assertThat(ask(RawHttp.request("POST", client().path() + "/xhr?protocol=99", "")).body())
        .endsWith("c[4007,\"Unsupported protocol version\"]\n");
  }

  @Test
  void aLargeMessageArrivesInPartsAndOneThatIsTooLargeCloses() throws IOException {
    FallbackClient client = client();
    try (FallbackClient.Stream stream = client.stream()) {
      stream.established();
      String channel = "x".repeat(100_000);
      assertThat(client.send(subscribe(channel))).isEqualTo(204);
      assertThat(stream.next()).contains("pusher:error");
      assertThat(client.send("\"".repeat(131_073))).isEqualTo(204);
      assertThat(stream.next())
          .isEqualTo(
              "c[1009,\"The message has at least 131073 bytes, the limit is 131072"
                  + " (max_message_bytes)\"]");
      assertThat(stream.next()).isEmpty();
      assertThat(client.send()).isEqualTo(404);
    }
  }

  /// A browser may only see the beginning of a longer response; pusher-js then asks again.
  @Test
  void aBurstIsHeldBackAndNothingIsLost() throws IOException {
    FallbackClient client = client();
    FallbackClient.Stream stream = client.stream();
    stream.established();
    assertThat(client.send(subscribe("burst"))).isEqualTo(204);
    stream.next();
    int events = 300;
    for (int i = 0; i < events; i++) {
      api.publish("burst", "e" + i + "-", "x".repeat(8_000));
    }
    int seen = 0;
    int streams = 1;
    long units = stream.units();
    while (seen < events) {
      if (units > 262_144) {
        streams++;
        units = 0;
        FallbackClient.Stream next = client.stream();
        stream.close();
        stream = next;
      }
      String line = stream.next();
      units += line.length() + 1;
      for (String event : line.split("\\\\\"event\\\\\":\\\\\"", -1)) {
        if (event.startsWith("e")) {
          assertThat(event).startsWith("e" + seen + "-");
          seen++;
        }
      }
    }
    stream.close();
    assertThat(streams).isGreaterThan(5);
  }

  @Test
  void aNewStreamTakesOver() throws IOException {
    FallbackClient client = client();
    try (FallbackClient.Stream old = client.stream()) {
      old.established();
      assertThat(client.send(subscribe("room"))).isEqualTo(204);
      old.next();
      try (FallbackClient.Stream stream = client.stream()) {
        assertThat(old.next()).isEmpty();
        api.publish("room", "e", "1");
        assertThat(stream.next()).isEqualTo(line(PlainApp.frame("e", "room", "\"1\"")));
      }
    }
  }

  @Test
  void sendsThatOvertakeEachOtherArePutInOrder() throws IOException {
    FallbackClient client = client();
    try (FallbackClient.Stream stream = client.stream();
        RawSocket one = new RawSocket(node.port());
        RawSocket two = new RawSocket(node.port())) {
      stream.established();
      String unsubscribe = subscribe("room").replace("subscribe", "unsubscribe");
      String first =
          client.request("xhr_send", "[" + FallbackClient.quoted(subscribe("room")) + "]");
      String second = client.request("xhr_send", "[" + FallbackClient.quoted(unsubscribe) + "]");
      String third =
          client.request("xhr_send", "[" + FallbackClient.quoted(subscribe("room")) + "]");
      one.send(second);
      two.send(first);
      assertThat(one.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(two.readHead()).startsWith("HTTP/1.1 204 ");
      one.send(third);
      assertThat(one.readHead()).startsWith("HTTP/1.1 204 ");
      assertThat(stream.next()).isEqualTo(line(SUCCEEDED));
    }
  }

  @Test
  void aProxyMaySpeakHttp10() throws IOException {
    FallbackClient client = client();
    try (RawSocket socket = new RawSocket(node.port())) {
      socket.send(client.request("xhr_streaming", "").replace("HTTP/1.1", "HTTP/1.0"));
      assertThat(socket.readHead()).startsWith("HTTP/1.1 200 ").doesNotContain("chunked");
      assertThat(socket.readBody(6)).isEqualTo("o{}\na[");
    }
  }

  @Test
  void thePathMayLackThePrefixAndCarryATag() throws IOException {
    FallbackClient tagged = new FallbackClient(node.port(), KEY + "/device~page");
    assertThat(tagged.poll()).startsWith("o{}\na[");
    String plain = client().request("xhr", "").replace("/pusher/app/", "/app/");
    assertThat(ask(plain).body()).startsWith("o{}\na[");
    FallbackClient bad = new FallbackClient(node.port(), KEY + "/not.a.tag");
    assertThat(bad.poll()).contains("c[4005,\"Path not found: ");
  }
}
