package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// A request that is repeated with its key is answered as the first time, and publishes nothing.
@Tag("one-node")
final class IdempotencyTest {

  private static final App APP = PlainApp.APP;
  private static final String DUPLICATE = "X-Fanfare-Duplicate: true";

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private RawHttp http;
  private RawSocket socket;

  @BeforeEach
  void start() throws IOException {
    start(APP);
  }

  private void start(App app) throws IOException {
    node = TestNode.start(clock, app);
    http = new RawHttp(node.port());
    socket = node.connect();
    socket.subscribe("feed");
    assertThat(socket.nextText()).contains("subscription_succeeded");
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    http.close();
    node.close();
  }

  private void restart(App app) throws IOException {
    stop();
    start(app);
  }

  /// Sends a signed request; returns status and body, and the header of repeated requests.
  private String post(String path, String body, String... headers) throws IOException {
    RawHttp.Answer answer = http.send(RawHttp.signed(APP, "POST", path, body, headers)).next();
    return answer.line() + (answer.lines().contains(DUPLICATE) ? " again" : "");
  }

  private static String event(String data, String more) {
    return "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"" + data + "\"" + more + "}";
  }

  private static String key(String key) {
    return ",\"idempotency_key\":\"" + key + "\"";
  }

  private static String batch(String... events) {
    return "{\"batch\":[" + String.join(",", events) + "]}";
  }

  private void expect(String... data) throws IOException {
    for (String each : data) {
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"feed\",\"data\":\"" + each + "\"}");
    }
    socket.expectNothing();
  }

  @Test
  void aRepeatedEventIsDeliveredOnce() throws IOException {
    String event = event("1", key("order-1"));
    assertThat(post("/events", event)).isEqualTo("200 {}");
    assertThat(post("/events", event)).isEqualTo("200 {} again");
    expect("1");
    clock.advance(Duration.ofSeconds(299));
    assertThat(post("/events", event)).isEqualTo("200 {} again");
    expect();
    clock.advance(Duration.ofSeconds(1));
    assertThat(post("/events", event)).isEqualTo("200 {}");
    expect("1");
  }

  @Test
  void withoutAKeyNothingIsRemembered() throws IOException {
    String event = event("1", ",\"idempotency_key\":null");
    assertThat(post("/events", event)).isEqualTo("200 {}");
    assertThat(post("/events", event)).isEqualTo("200 {}");
    expect("1", "1");
  }

  @Test
  void aKeyIsNotForOtherEvents() throws IOException {
    assertThat(post("/events", event("1", key("order-1")))).isEqualTo("200 {}");
    String taken = "409 The idempotency key order-1 was used for other events before";
    assertThat(post("/events", event("2", key("order-1")))).isEqualTo(taken);
    assertThat(post("/events", event("1", ",\"socket_id\":\"1.1\"" + key("order-1"))))
        .isEqualTo(taken);
    assertThat(post("/events", event("1", ",\"info\":\"subscription_count\"" + key("order-1"))))
        .isEqualTo(taken);
    String members =
        "{\"idempotency_key\":\"order-1\",\"data\":\"1\",\"channels\":[\"feed\"],\"name\":\"e\"}";
    assertThat(post("/events", members)).isEqualTo("200 {} again");
    expect("1");
  }

  @Test
  void aKeyHasAForm() throws IOException {
    String refused =
        "400 An idempotency key must have 1 to 128 characters, all of them letters, digits or _ . :"
            + " -";
    for (String bad : List.of("", "a b", "k".repeat(129))) {
      assertThat(post("/events", event("1", key(bad)))).isEqualTo(refused);
      assertThat(post("/batch_events", batch(event("1", key(bad))))).isEqualTo(refused);
    }
    assertThat(post("/events", event("1", ""), "Idempotency-Key: a, b")).isEqualTo(refused);
    assertThat(post("/events", event("1", ",\"idempotency_key\":7"))).startsWith("400 ");
    expect();
    assertThat(post("/events", event("1", key("A-z_0.9:" + "k".repeat(120))))).isEqualTo("200 {}");
    expect("1");
  }

  @Test
  void aRefusedRequestLeavesItsKeyFree() throws IOException {
    restart(APP.withLimits(Limits.HOSTED.withMaxHttpEventsPerSecond(1)));
    String large = event("x".repeat(99_999), key("a"));
    assertThat(post("/events", large)).startsWith("413 ");
    assertThat(post("/events", event("1", ""))).isEqualTo("200 {}");
    assertThat(post("/events", event("2", key("a")))).startsWith("429 ");
    clock.advance(Duration.ofSeconds(1));
    assertThat(post("/events", event("3", key("a")))).isEqualTo("200 {}");
    assertThat(post("/events", event("3", key("a"))))
        .as("a repeated event does not count for the limit")
        .isEqualTo("200 {} again");
    expect("1", "3");
  }

  @Test
  void theFirstAnswerComesAgain() throws IOException {
    restart(APP.withHistory(List.of(HistoryRule.DEFAULTS)));
    String event = event("1", ",\"info\":\"id,subscription_count\"" + key("a"));
    String first = post("/events", event);
    assertThat(first)
        .matches(
            "200 \\{\"channels\":\\{\"feed\":\\{\"subscription_count\":1,\"id\":\"[0-9]{13}-0\"\\}\\}\\}");
    socket.unsubscribe("feed");
    assertThat(post("/events", event)).isEqualTo(first + " again");
    try (Api api = new Api(node)) {
      assertThat(api.get("/channels/feed/events", "").body())
          .containsOnlyOnce("\"data\":\"1\"")
          .contains("\"complete\":true");
    }
  }

  @Test
  void eachEventOfABatchMayHaveAKey() throws IOException {
    assertThat(post("/events", event("1", key("a")))).isEqualTo("200 {}");
    String counted = ",\"info\":\"subscription_count\"";
    String batch = batch(event("1", key("a")), event("2", counted + key("b")), event("3", ""));
    assertThat(post("/batch_events", batch))
        .isEqualTo("200 {\"batch\":[{},{\"subscription_count\":1},{}]} again");
    expect("1", "2", "3");
    socket.unsubscribe("feed");
    assertThat(post("/batch_events", batch))
        .isEqualTo("200 {\"batch\":[{},{\"subscription_count\":1},{}]} again");
    assertThat(post("/batch_events", batch.replace("\"data\":\"2\"", "\"data\":\"4\"")))
        .isEqualTo("409 The idempotency key b was used for other events before");
    assertThat(post("/batch_events", batch.replace("\"b\"", "\"a\"")))
        .isEqualTo("400 Two events of the batch have the same idempotency_key");
    assertThat(post("/events", event("2", counted + key("b"))))
        .as("its answer would have another form")
        .isEqualTo("409 The idempotency key b was used for other events before");
    assertThat(post("/batch_events", batch(event("5", key("c")), event("6", key("d")))))
        .isEqualTo("200 {}");
    assertThat(post("/batch_events", batch(event("5", key("c")), event("6", key("d")))))
        .isEqualTo("200 {} again");
  }

  @Test
  void aHeaderIsTheKeyOfARequestWithoutAnother() throws IOException {
    String batch = batch(event("1", ""), event("2", ""));
    assertThat(post("/batch_events", batch, "Idempotency-Key: h")).isEqualTo("200 {}");
    assertThat(post("/batch_events", batch, "idempotency-key: h")).isEqualTo("200 {} again");
    expect("1", "2");
    String own = event("3", key("own"));
    assertThat(post("/events", own, "Idempotency-Key: h")).isEqualTo("200 {}");
    assertThat(post("/events", own, "Idempotency-Key: i")).isEqualTo("200 {} again");
    assertThat(post("/events", event("4", ""), "Idempotency-Key: h"))
        .isEqualTo("409 The idempotency key h was used for other events before");
    expect("3");
  }

  @Test
  void theOldEndpointHasTheHeaderToo() throws IOException {
    String path = "/apps/" + APP.id() + "/channels/feed/events";
    String query =
        Api.signedQuery(APP, "POST", path, "name=e", "1", System.currentTimeMillis() / 1_000);
    String request = RawHttp.request("POST", path + "?" + query, "1", "Idempotency-Key: h");
    assertThat(http.send(request).next().line()).isEqualTo("202 202 ACCEPTED\n");
    RawHttp.Answer again = http.send(request).next();
    assertThat(again.line()).isEqualTo("202 202 ACCEPTED\n");
    assertThat(again.lines()).contains(DUPLICATE);
    expect("1");
  }

  @Test
  void concurrentRequestsWithOneKeyDeliverOnce() throws Exception {
    int threads = 8;
    try (Api api = new Api(node);
        ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      for (int round = 0; round < 20; round++) {
        String event = event("" + round, key("k" + round));
        CountDownLatch start = new CountDownLatch(1);
        Callable<HttpResponse<String>> request =
            () -> {
              start.await();
              return api.post("/events", event);
            };
        List<Future<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          answers.add(pool.submit(request));
        }
        start.countDown();
        int first = 0;
        for (Future<HttpResponse<String>> answer : answers) {
          assertThat(answer.get().statusCode()).isEqualTo(200);
          first +=
              answer.get().headers().firstValue("X-Fanfare-Duplicate").equals(Optional.of("true"))
                  ? 0
                  : 1;
        }
        assertThat(first).isEqualTo(1);
        expect("" + round);
      }
    }
  }
}
