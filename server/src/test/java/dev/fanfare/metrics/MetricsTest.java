package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.FallbackClient;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The metrics of a server after traffic that the test has counted.
final class MetricsTest {

  private static final MetricsOptions ON = MetricsOptions.DEFAULTS;
  private static final App APP =
      TestNode.APP.withLimits(Limits.HOSTED.withMaxConnections(4).withMaxSubscriptions(6));
  private static final App DROPPING =
      APP.withId("5678")
          .withKey("dropping")
          .withOptions(APP.options().withSlowReaders(SlowReaders.DROP));
  private static final int MAX_EVENTS = 20_000;

  private final TestNode node = TestNode.start(ON, APP, DROPPING);

  @AfterEach
  void stop() {
    node.close();
  }

  /// The value for the first app; `more` are additional labels, in alphabetical order.
  private double value(String name, String... more) throws IOException {
    String labels = more.length == 0 ? "" : "," + String.join(",", more);
    return Scrape.of(node).value("fanfare_" + name + "{app=\"1234\"" + labels + "}");
  }

  private static void subscribe(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
  }

  @Test
  void fiveEventsForThreeSubscribersAreFifteenDeliveries() throws IOException {
    try (Api api = new Api(node);
        RawSocket one = node.connect();
        RawSocket two = node.connect();
        RawSocket three = node.connect()) {
      List<RawSocket> all = List.of(one, two, three);
      for (RawSocket socket : all) {
        subscribe(socket, "news");
      }
      int counts = 0;
      for (RawSocket socket : all) {
        String count;
        do {
          count = socket.nextTextContaining("subscription_count");
          counts++;
        } while (!count.contains("\\\"subscription_count\\\":3"));
      }
      for (int i = 0; i < 5; i++) {
        api.publish("news", "event-" + i, "x");
        for (RawSocket socket : all) {
          socket.nextTextContaining("event-" + i);
        }
      }
      assertThat(value("deliveries_total")).isEqualTo(15);
      assertThat(value("events_published_total", "origin=\"http\"")).isEqualTo(5);
      // Three connection_established, three subscription_succeeded, 15 events, and the counts.
      assertThat(value("messages_sent_total")).isEqualTo(3 + 3 + 15 + counts);
      assertThat(value("websocket_received_bytes_total")).isEqualTo(3 * 60);
      int lanes = 2; // connections are assigned round robin
      await()
          .untilAsserted(() ->
              assertThat(Scrape.of(node).value("fanfare_delivery_latency_seconds_count"))
                  .isEqualTo(5 * lanes));
      assertThat(Scrape.of(node).value("fanfare_delivery_latency_seconds_sum")).isPositive();
    }
  }

  @Test
  void gaugesAreTheCurrentSizesAndZeroAfterAllClientsHaveLeft() throws IOException {
    try (RawSocket one = node.connect();
        RawSocket two = node.connect()) {
      subscribe(one, "news");
      subscribe(two, "news");
      subscribe(two, "cache-news");
      one.subscribePrivate(APP, "private-cache-x");
      one.subscribePrivate(APP, "private-x");
      one.subscribePrivate(APP, "private-encrypted-x");
      for (RawSocket socket : List.of(one, two)) {
        socket.subscribePresence(APP, "presence-x", "{\"user_id\":\"same\"}");
        socket.nextTextContaining("presence-x");
      }
      two.signIn(APP, "{\"id\":\"7\"}");
      two.nextTextContaining("signin_success");
      two.subscribe("#server-to-user-7");
      two.nextTextContaining("server-to-user-7");
      Map<String, Double> there = Scrape.of(node).values();
      assertThat(there)
          .containsEntry("fanfare_connections{app=\"1234\"}", 2.0)
          .containsEntry("fanfare_presence_members{app=\"1234\"}", 1.0);
      expect(there, "public", false, 1, 2);
      expect(there, "public", true, 1, 1);
      expect(there, "private", false, 1, 1);
      expect(there, "private", true, 1, 1);
      expect(there, "private-encrypted", false, 1, 1);
      expect(there, "presence", false, 1, 2);
      expect(there, "user", false, 1, 1);
      assertThat(value("subscriptions_accepted_total")).isEqualTo(9);
    }
    await().untilAsserted(() -> assertThat(sockets()).isZero());
    Scrape.of(node)
        .values()
        .forEach((sample, value) -> {
          if (sample.matches(
              "fanfare_(connections|channels|subscriptions|presence_members)\\{.*")) {
            assertThat(value).as(sample).isZero();
          }
        });
  }

  @Test
  void connectionsOverHttpAreCountedByTransport() throws IOException {
    String connections = "http_fallback_connections";
    String streaming = "transport=\"xhr_streaming\"";
    String polling = "transport=\"xhr_polling\"";
    assertThat(value(connections, streaming) + value(connections, polling)).isZero();
    FallbackClient streams = new FallbackClient(node.port(), APP.key());
    FallbackClient polls = new FallbackClient(node.port(), APP.key());
    try (RawSocket socket = node.connect();
        FallbackClient.Stream stream = streams.stream()) {
      assertThat(List.of(socket.socketId(), stream.established(), polls.poll())).hasSize(3);
      assertThat(value("connections")).isEqualTo(3);
      assertThat(value(connections, streaming)).isEqualTo(1);
      assertThat(value(connections, polling)).isEqualTo(1);
      node.server().reload(List.of(DROPPING));
      stream.nextContaining("c[");
    }
    await()
        .untilAsserted(
            () -> assertThat(value(connections, streaming) + value(connections, polling)).isZero());
  }

  private static void expect(
      Map<String, Double> there, String kind, boolean cached, double channels, double subscribers) {
    String labels = "{app=\"1234\",cached=\"" + cached + "\",kind=\"" + kind + "\"}";
    assertThat(there)
        .containsEntry("fanfare_channels" + labels, channels)
        .containsEntry("fanfare_subscriptions" + labels, subscribers);
  }

  private double sockets() throws IOException {
    Scrape scrape = Scrape.of(node);
    return scrape.value("fanfare_lane_sockets{lane=\"0\"}")
        + scrape.value("fanfare_lane_sockets{lane=\"1\"}");
  }

  @Test
  void closedConnectionsAreCountedByCode() throws IOException {
    close(1000);
    close(4999);
    close(4998);
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.CLOSE, true, new byte[0]);
      socket.nextClose();
    }
    node.connect().close();
    try (RawSocket socket = node.connect()) {
      socket.sendFrame(RawSocket.BINARY, true, new byte[1]);
      socket.nextClose();
    }
    await()
        .untilAsserted(
            () -> assertThat(value("connections_closed_total", "code=\"1006\"")).isEqualTo(1));
    assertThat(value("connections_opened_total")).isEqualTo(6);
    assertThat(value("connections_closed_total", "code=\"1000\"")).isEqualTo(1);
    assertThat(value("connections_closed_total", "code=\"1003\"")).isEqualTo(1);
    assertThat(value("connections_closed_total", "code=\"1005\"")).isEqualTo(1);
    assertThat(value("connections_closed_total", "code=\"other\"")).isEqualTo(2);
  }

  private void close(int code) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.sendClose(code, "");
      socket.nextClose();
    }
  }

  @Test
  void refusedConnectionsAreCountedForTheirApp() throws IOException {
    refuse("/app/unknown?protocol=7");
    refuse("/app/" + APP.key() + "?protocol=99");
    List<RawSocket> all = new ArrayList<>();
    for (int i = 0; i < APP.limits().maxConnections(); i++) {
      all.add(node.connect());
    }
    refuse("/app/" + APP.key() + "?protocol=7");
    Scrape scrape = Scrape.of(node);
    String refused = "fanfare_connections_refused_total";
    assertThat(scrape.value(refused + "{app=\"\",code=\"4001\"}")).isEqualTo(1);
    assertThat(scrape.value(refused + "{app=\"1234\",code=\"4007\"}")).isEqualTo(1);
    assertThat(scrape.value(refused + "{app=\"1234\",code=\"4004\"}")).isEqualTo(1);
    assertThat(value("quotas_exceeded_total", "quota=\"max_connections\"")).isEqualTo(1);
    assertThat(value("connections_opened_total")).isEqualTo(4);
    for (RawSocket socket : all) {
      socket.close();
    }
  }

  private void refuse(String target) throws IOException {
    try (RawSocket socket = RawSocket.upgraded(node.port(), target)) {
      socket.nextClose();
    }
  }

  @Test
  void messagesAreCountedByKind() throws IOException {
    try (RawSocket socket = node.connect();
        RawSocket other = node.connect()) {
      socket.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
      socket.sendText("{\"event\":\"pusher:pong\",\"data\":{}}");
      socket.sendText("{\"event\":");
      socket.sendText("{\"event\":\"pusher:unsubscribe\",\"data\":{\"channel\":\"none\"}}");
      socket.sendText(
          "{\"event\":\"pusher:signin\",\"data\":{\"auth\":\"x\",\"user_data\":\"{}\"}}");
      socket.subscribe("private-without-signature");
      for (RawSocket each : List.of(socket, other)) {
        each.subscribePrivate(APP, "private-x");
        each.nextTextContaining("subscription_succeeded");
      }
      socket.trigger("private-x", "client-hello", "\"x\"");
      other.nextTextContaining("client-hello");
    }
    for (String kind : List.of("ping", "pong", "malformed", "unsubscribe", "sign_in")) {
      assertThat(received(kind)).as(kind).isEqualTo(1);
    }
    assertThat(received("subscribe")).isEqualTo(3);
    assertThat(received("client_event")).isEqualTo(1);
    assertThat(value("subscriptions_refused_total")).isEqualTo(1);
    assertThat(value("messages_refused_total")).isEqualTo(3);
    assertThat(value("events_published_total", "origin=\"client\"")).isEqualTo(1);
    assertThat(value("deliveries_total")).as("not to the sender").isEqualTo(1);
  }

  private double received(String kind) throws IOException {
    return value("messages_received_total", "kind=\"" + kind + "\"");
  }

  @Test
  void requestsAreCountedByRouteAndStatus() throws IOException {
    try (Api api = new Api(node)) {
      api.publish("news", "event", "x");
      api.get("/channels/room-1", "");
      api.get("/channels/room-2", "");
      api.post("/events", "{}");
    }
    try (RawHttp http = new RawHttp(node.port())) {
      for (String path : List.of("/nowhere", "/app/" + APP.key(), "/apps/9/events?x", "/up")) {
        http.send(RawHttp.request("GET", path, "")).next();
      }
      http.send(RawHttp.request("POST", "/apps/1234/events", "{}")).next();
    }
    String events = "route=\"/apps/{id}/events\"";
    assertThat(value("http_requests_total", events, "status=\"200\"")).isEqualTo(1);
    assertThat(value("http_requests_total", events, "status=\"400\"")).isEqualTo(1);
    assertThat(value("http_requests_total", events, "status=\"401\"")).isEqualTo(1);
    String channel = "route=\"/apps/{id}/channels/{name}\"";
    assertThat(value("http_requests_total", channel, "status=\"200\"")).isEqualTo(2);
    Scrape scrape = Scrape.of(node);
    String noApp = "fanfare_http_requests_total{app=\"\",route=\"";
    assertThat(scrape.value(noApp + "other\",status=\"404\"}")).isEqualTo(1);
    assertThat(scrape.value(noApp + "/app/{key}\",status=\"426\"}")).isEqualTo(1);
    assertThat(scrape.value(noApp + "/apps/{id}/events\",status=\"405\"}")).isEqualTo(1);
    assertThat(scrape.value(noApp + "/live\",status=\"200\"}")).isEqualTo(1);
    assertThat(scrape.value("fanfare_http_request_duration_seconds_count{" + events + "}"))
        .isEqualTo(4);
    assertThat(value("http_received_bytes_total")).isEqualTo(47 + 2 + 2);
  }

  @Test
  void slowReadersAreCountedAsTheAppTreatsThem() throws IOException {
    starve(APP, "fanfare_slow_readers_disconnected_total{app=\"1234\"}");
    await()
        .untilAsserted(
            () -> assertThat(value("connections_closed_total", "code=\"4100\"")).isEqualTo(1));
    assertThat(value("events_dropped_total", "reason=\"disconnected\"")).isPositive();
    assertThat(value("events_dropped_total", "reason=\"slow_reader\"")).isZero();
    starve(DROPPING, "fanfare_events_dropped_total{app=\"5678\",reason=\"slow_reader\"}");
    String closed = "fanfare_connections_closed_total{app=\"5678\",code=\"4100\"}";
    assertThat(Scrape.of(node).value(closed)).isZero();
  }

  /// Publishes to a client that does not read, until `sample` is no longer 0.
  private void starve(App app, String sample) throws IOException {
    try (RawSocket slow = RawSocket.established(node.port(), app.key());
        Api api = new Api(node.port(), app)) {
      subscribe(slow, "firehose");
      String large = "x".repeat(10_000);
      int sent = 0;
      while (Scrape.of(node).value(sample) == 0) {
        assertThat(sent++).isLessThan(MAX_EVENTS);
        api.publish("firehose", "e", large);
      }
    }
  }

  @Test
  void anAddedAppAppearsAndARemovedOneIsZero() throws IOException {
    App newcomer = APP.withId("9").withKey("newcomer");
    String here = "fanfare_connections{app=\"9\"}";
    assertThat(Scrape.of(node).values()).doesNotContainKey(here);
    node.server().reload(List.of(APP, newcomer));
    assertThat(Scrape.of(node).value("fanfare_events_published_total{app=\"9\",origin=\"http\"}"))
        .as("zero before anything happens")
        .isZero();
    try (RawSocket socket = RawSocket.established(node.port(), newcomer.key())) {
      subscribe(socket, "news");
      assertThat(Scrape.of(node).value(here)).isEqualTo(1);
      assertThat(Scrape.of(node).value("fanfare_messages_sent_total{app=\"9\"}")).isEqualTo(3);
      node.server().reload(List.of(APP));
      socket.nextClose();
    }
    await().untilAsserted(() -> assertThat(Scrape.of(node).value(here)).isZero());
    assertThat(Scrape.of(node).value("fanfare_connections_opened_total{app=\"9\"}")).isEqualTo(1);
  }

  @Test
  void noCounterDecreasesUnderTraffic() throws Exception {
    AtomicBoolean isOver = new AtomicBoolean();
    CompletableFuture<Void> traffic = CompletableFuture.runAsync(() -> move(isOver));
    try {
      Map<String, Double> before = Map.of();
      for (int i = 0; i < 25; i++) {
        Scrape scrape = Scrape.of(node);
        for (Map.Entry<String, Double> sample : before.entrySet()) {
          if (sample.getKey().matches("\\w+_(total|count|bucket|sum)(\\{.*)?")) {
            assertThat(scrape.value(sample.getKey()))
                .as(sample.getKey())
                .isGreaterThanOrEqualTo(sample.getValue());
          }
        }
        before = scrape.values();
      }
    } finally {
      isOver.set(true);
      traffic.join();
    }
    assertThat(value("deliveries_total")).isPositive();
  }

  private void move(AtomicBoolean isOver) {
    try (Api api = new Api(node)) {
      while (!isOver.get()) {
        try (RawSocket socket = node.connect()) {
          subscribe(socket, "news");
          api.publish("news", "event", "x");
          socket.nextTextContaining("\"event\":\"event\"");
        }
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
