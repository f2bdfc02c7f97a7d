package dev.fanfare.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.pusher.rest.data.Result;
import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A request that is repeated to another process of a cluster, with the official server SDK for
/// Java. The nodes share a real engine.
abstract class KeysOfNodesContract {

  static final App APP = TestNode.APP;
  static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int ROUNDS = 20;

  /// One rule; channels that it does not cover are published to as well.
  static final Map<String, String> RULES = Map.of("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "note-");

  private EngineNodes nodes;
  private Backend a;
  private Backend b;
  private Api atB;

  /// Starts the engine and two nodes.
  abstract EngineNodes startNodes() throws IOException;

  final RunningServer node(int index) {
    return nodes.node(index);
  }

  @BeforeEach
  void start() throws IOException {
    nodes = startNodes();
    a = new Backend(node(0).port(), APP);
    b = new Backend(node(1).port(), APP);
    atB = new Api(node(1).port(), APP);
  }

  @AfterEach
  void stop() {
    a.close();
    b.close();
    atB.close();
    nodes.close();
  }

  private RawSocket subscribed(int node, String channel) throws IOException {
    RawSocket socket = RawSocket.established(node(node).port(), APP.key());
    socket.patience(PATIENCE);
    socket.subscribe(channel);
    assertThat(socket.nextText()).contains("subscription_succeeded");
    return socket;
  }

  private static String event(String channel, String data, String key) {
    return "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\",\"idempotency_key\":\"%s\"}"
        .formatted(channel, data, key);
  }

  private static String withId(String channel, String data, String key) {
    return event(channel, data, key).replace("\"name\"", "\"info\":\"id\",\"name\"");
  }

  private static String post(Backend to, String body) {
    Result result = to.sdk().post("/events", body);
    assertThat(result.getHttpStatus()).as(result.getMessage()).isEqualTo(200);
    return result.getMessage();
  }

  private static void expect(List<RawSocket> sockets, String... data) throws IOException {
    for (RawSocket socket : sockets) {
      for (String each : data) {
        assertThat(socket.nextTextContaining("\"event\":\"e\""))
            .contains("\"data\":\"" + each + "\"");
      }
    }
  }

  @Test
  void aRequestIsPublishedOnceWhateverNodeItReaches() throws IOException {
    try (RawSocket here = subscribed(0, "plain");
        RawSocket there = subscribed(1, "plain");
        RawSocket note = subscribed(1, "note-7")) {
      assertThat(post(a, event("plain", "1", "order-1"))).isEqualTo("{}");
      assertThat(post(b, event("plain", "1", "order-1"))).isEqualTo("{}");
      HttpResponse<String> again = atB.post("/events", event("plain", "1", "order-1"));
      assertThat(again.headers().firstValue("X-Fanfare-Duplicate")).contains("true");
      String first = post(a, withId("note-7", "2", "order-2"));
      assertThat(first).startsWith("{\"channels\":{\"note-7\":{\"id\":\"");
      assertThat(post(b, withId("note-7", "2", "order-2"))).isEqualTo(first);
      Result other = b.sdk().post("/events", event("plain", "2", "order-1"));
      assertThat(other.getHttpStatus()).isEqualTo(409);
      assertThat(other.getMessage())
          .contains("The idempotency key order-1 was used for other events before");
      batch();
      post(b, event("plain", "end", "order-9"));
      post(b, event("note-7", "end", "order-10"));
      expect(List.of(here, there), "1", "4", "end");
      expect(List.of(note), "2", "3", "5", "end");
      here.expectNothing();
      there.expectNothing();
    }
  }

  /// Of three events of a batch, the other node has published one.
  private void batch() throws IOException {
    String three = withId("note-7", "3", "order-3");
    Result first = a.sdk().post("/batch_events", "{\"batch\":[" + three + "]}");
    assertThat(first.getMessage()).startsWith("{\"batch\":[{\"id\":\"").endsWith("\"}]}");
    String known = first.getMessage().substring("{\"batch\":[".length()).replace("]}", "");
    String batch =
        "{\"batch\":["
            + withId("note-7", "5", "order-5")
            + ","
            + three
            + ","
            + event("plain", "4", "order-4")
            + "]}";
    HttpResponse<String> once = atB.post("/batch_events", batch);
    assertThat(once.headers().firstValue("X-Fanfare-Duplicate")).contains("true");
    assertThat(once.body()).contains("\"}," + known + ",{}]}");
    assertThat(a.sdk().post("/batch_events", batch).getMessage()).isEqualTo(once.body());
  }

  /// The same requests reach both nodes at once, in an order that a seed decides.
  @Test
  void ofTwoRequestsAtOncePublishesOne() throws Exception {
    Random random = new Random(7);
    try (RawSocket there = subscribed(1, "plain");
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<String> sent = new ArrayList<>();
      for (int i = 0; i < ROUNDS; i++) {
        String channel = random.nextBoolean() ? "note-7" : "plain";
        String body = withId(channel, "n" + i, "round-" + i);
        if (channel.equals("plain")) {
          sent.add("n" + i);
        }
        CyclicBarrier both = new CyclicBarrier(2);
        List<Future<String>> answers = new ArrayList<>();
        for (Backend each : random.nextBoolean() ? List.of(a, b) : List.of(b, a)) {
          Callable<String> request =
              () -> {
                int _ = both.await();
                return post(each, body);
              };
          answers.add(threads.submit(request));
        }
        assertThat(answers.get(0).get()).as(body).isEqualTo(answers.get(1).get());
      }
      for (String each : sent) {
        expect(List.of(there), each);
      }
      post(b, event("plain", "end", "end"));
      expect(List.of(there), "end");
      String page = atB.get("/channels/note-7/events", "limit=1000").body();
      for (int i = 0; i < ROUNDS; i++) {
        String data = "\"data\":\"n" + i + "\"";
        if (!sent.contains("n" + i)) {
          assertThat(page).containsOnlyOnce(data);
        }
      }
    }
  }

  @Test
  void anAnswerSurvivesItsNodeAndTheEngineMayBeAway() throws IOException {
    String first = post(a, withId("note-7", "1", "order-1"));
    assertThat(post(b, withId("note-7", "1", "order-1"))).isEqualTo(first);
    node(0).close();
    assertThat(post(b, withId("note-7", "1", "order-1"))).isEqualTo(first);
    assertThat(unshared()).isZero();
    nodes.engine().kill();
    HttpResponse<String> live = atB.post("/events", event("plain", "2", "order-2"));
    assertThat(live.statusCode()).isEqualTo(200);
    HttpResponse<String> again = atB.post("/events", event("plain", "2", "order-2"));
    assertThat(again.statusCode()).isEqualTo(200);
    assertThat(again.headers().firstValue("X-Fanfare-Duplicate")).contains("true");
    assertThat(atB.post("/events", event("plain", "3", "order-2")).statusCode()).isEqualTo(409);
    await().atMost(PATIENCE).until(() -> unshared() == 1);
    await()
        .atMost(PATIENCE)
        .until(() ->
            node(1).output().stream()
                .anyMatch(line -> line.contains("1 idempotency keys are known to this node only")));
  }

  private double unshared() throws IOException {
    try (RawHttp http = new RawHttp(node(1).metricsPort(), PATIENCE)) {
      String metrics = http.send(RawHttp.request("GET", "/metrics", "")).next().body();
      return metrics
          .lines()
          .filter(line -> line.startsWith("fanfare_idempotency_unshared_total{"))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
          .sum();
    }
  }
}
