package dev.fanfare.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.observe.StallClock;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.TestNode;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The separate port: its responses, and that it opens and closes with the server.
final class MetricsPortTest {

  private static final MetricsOptions ON = MetricsOptions.DEFAULTS;

  /// Scrapes whose responses are more than the kernel takes.
  private static final int MANY = 2_000;

  /// Scrapes during a storm.
  private static final int SCRAPES = 20;

  private static final int STRANGERS = MetricsSlots.MAX + 8;

  /// On a busy machine the strangers may take most of the time.
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static RawHttp.Answer ask(TestNode node, String method, String target)
      throws IOException {
    try (RawHttp http = new RawHttp(node.server().metricsPort())) {
      http.send(RawHttp.request(method, target, ""));
      return method.equals("HEAD") ? http.nextHead() : http.next();
    }
  }

  @Test
  void prometheusTextIsTheDefault() throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      for (String[] headers : new String[][] {{}, {"Accept: */*"}, {"Accept: text/html, a/b"}}) {
        Scrape scrape = Scrape.of(node, headers);
        assertThat(scrape.answer().status()).isEqualTo(200);
        assertThat(scrape.answer().header("Content-Type"))
            .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
        assertThat(scrape.value("fanfare_ready")).isEqualTo(1);
        assertThat(scrape.answer().body()).doesNotContain("# EOF").endsWith("\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"GET, /metrics", "GET, /", "POST, /metrics", "HEAD, /metrics"})
  void noResponseMayBeTakenForAnotherType(String method, String target) throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      RawHttp.Answer answer = ask(node, method, target);
      assertThat(answer.header("X-Content-Type-Options")).isEqualTo("nosniff");
    }
  }

  /// The first is what Prometheus sends: it prefers a format that is not supported here.
  @Test
  void openMetricsIsServedOnRequest() throws IOException {
    String[] accepts = {
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;"
          + "q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,"
          + "text/plain;version=0.0.4;q=0.3,*/*;q=0.2",
      "application/openmetrics-text; version=1.0.0"
    };
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      for (String accept : accepts) {
        Scrape scrape = Scrape.of(node, "Accept: " + accept);
        assertThat(scrape.answer().header("Content-Type"))
            .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
        assertThat(scrape.types()).containsEntry("fanfare_deliveries", "counter");
        assertThat(scrape.value("fanfare_deliveries_total{app=\"1234\"}")).isZero();
        assertThat(scrape.answer().body()).endsWith("\n# EOF\n");
      }
    }
  }

  @Test
  void onlyOnePageIsServed() throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      for (String target : new String[] {"/", "/metrics/", "/metrics/x", "/metricsx", "/live"}) {
        RawHttp.Answer answer = ask(node, "GET", target);
        assertThat(answer.status()).as(target).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("Only /metrics is served here");
      }
      for (String method : new String[] {"POST", "DELETE", "OPTIONS"}) {
        RawHttp.Answer answer = ask(node, method, "/metrics");
        assertThat(answer.status()).as(method).isEqualTo(405);
        assertThat(answer.header("Allow")).isEqualTo("GET, HEAD");
        assertThat(answer.body()).isEqualTo("Method not allowed, use GET");
      }
      assertThat(ask(node, "GET", "/metrics?x=y").status()).isEqualTo(200);
      assertThat(ask(node, "HEAD", "/metrics").status()).isEqualTo(200);
    }
  }

  @Test
  void metricsAreNotServedOnTheMainPort() throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP);
        RawHttp http = new RawHttp(node.port())) {
      assertThat(http.send(RawHttp.request("GET", "/metrics", "")).next().status()).isEqualTo(404);
    }
  }

  @Test
  void aPortInUsePreventsTheStart() {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      int taken = node.server().metricsPort();
      MetricsOptions again = ON.withPort(taken);
      assertThatThrownBy(() -> TestNode.startAt(again, TestNode.APP))
          .hasRootCauseMessage("Address already in use")
          .hasMessageContaining(
              "cannot listen on 127.0.0.1:"
                  + taken
                  + " for metrics (metrics_host, metrics_port): Address already in use");
    }
    assertThatThrownBy(() -> TestNode.startAt(ON.withHost("unknown.invalid"), TestNode.APP))
        .hasMessageContaining("cannot resolve unknown.invalid for metrics (metrics_host)");
  }

  @Test
  void nothingListensIfMetricsAreDisabled() {
    try (TestNode node = TestNode.start()) {
      assertThat(node.server().metricsPort()).isZero();
    }
  }

  @Test
  void noThreadOutlivesTheServer() throws IOException {
    TestNode node = TestNode.start(ON, TestNode.APP);
    int port = node.server().metricsPort();
    try (RawHttp idle = new RawHttp(port)) {
      idle.send(RawHttp.request("GET", "/metrics", "")).next();
      assertThat(acceptors()).isPositive();
      node.close();
      await().until(() -> acceptors() == 0);
      assertThat(idle.isEnded()).isTrue();
    }
    assertThatThrownBy(() -> new RawHttp(port)).hasMessageContaining("refused");
  }

  private static long acceptors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("fanfare-metrics"))
        .count();
  }

  @Test
  void theProcessHasTheNamesThatClientLibrariesAgreeOn() throws IOException {
    try (TestNode node = TestNode.start(MetricsOptions.DEFAULTS, TestNode.APP)) {
      Scrape scrape = Scrape.of(node);
      assertThat(scrape.types())
          .containsEntry("process_cpu_seconds_total", "counter")
          .containsEntry("process_open_fds", "gauge")
          .containsEntry("process_max_fds", "gauge")
          .containsEntry("process_start_time_seconds", "gauge")
          .doesNotContainKeys("process_cpu_time_ns_total", "process_files_open_files");
      assertThat(scrape.value("process_resident_memory_bytes")).isBetween(20e6, 20e9);
      assertThat(scrape.value("process_cpu_seconds_total")).isBetween(0.1, 1e5);
      assertThat(scrape.value("process_open_fds")).isBetween(10.0, scrape.value("process_max_fds"));
    }
  }

  /// Each connection is an open file, and files are scarce.
  @Test
  void idleConnectionsGiveWay() throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      int port = node.server().metricsPort();
      List<RawHttp> all = new ArrayList<>();
      for (int i = 0; i < MetricsSlots.MAX + 4; i++) {
        RawHttp scraper = new RawHttp(port);
        all.add(scraper);
        scraper.send(RawHttp.request("GET", "/metrics", ""));
        assertThat(scraper.next().status()).isEqualTo(200);
        scraper.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n");
        assertThat(scraper.next().status()).as("the connection is kept").isEqualTo(200);
      }
      for (int i = 0; i < 4; i++) {
        assertThat(all.get(i).isEnded()).isTrue();
      }
      for (RawHttp scraper : all.subList(4, all.size())) {
        assertThat(scraper.send(RawHttp.request("HEAD", "/", "")).nextHead().status())
            .isEqualTo(404);
        scraper.close();
      }
    }
  }

  /// Half a request, and responses that are not read, each on as many connections as there may be.
  @Test
  void stallingClientsDoNotKeepOthersOut() throws IOException {
    String scrapes = RawHttp.request("GET", "/metrics", "").repeat(MANY);
    for (String bytes : List.of("GET /metrics HTTP/1.1\r\nHost: x\r\n", scrapes, "")) {
      try (TestNode node = TestNode.start(ON, TestNode.APP)) {
        List<RawHttp> stalling = new ArrayList<>();
        for (int i = 0; i < MetricsSlots.MAX; i++) {
          RawHttp client = new RawHttp(node.server().metricsPort());
          stalling.add(client);
          client.send(bytes);
        }
        for (int i = 0; i < 3; i++) {
          assertThat(ask(node, "GET", "/metrics").status()).isEqualTo(200);
        }
        for (RawHttp client : stalling) {
          client.close();
        }
      }
    }
  }

  /// The time stands still: so no client is too slow, and only a mistake can end a connection that
  /// has sent its request.
  @Test
  void aStormOfOtherClientsCostsNoScraperItsResponse() throws Exception {
    App app = TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at("http://127.0.0.1:1/hook")));
    PartOptions options = TestNode.PARTS.withMetrics(ON.withPort(0));
    AtomicBoolean isOver = new AtomicBoolean();
    try (TestNode node =
            TestNode.start(options, new ManualClock().clocks(), ServerListener.NONE, app);
        ExecutorService strangers = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        for (int i = 0; i < STRANGERS; i++) {
          boolean isComplete = i % 2 == 0;
          strangers.execute(() -> storm(node, isComplete, isOver));
        }
        for (int i = 0; i < SCRAPES; i++) {
          Scrape scrape = Scrape.of(node, PATIENCE);
          assertThat(scrape.answer().status()).isEqualTo(200);
          assertThat(scrape.answer().header("Content-Length")).isNotNull();
        }
      } finally {
        isOver.set(true);
      }
    }
  }

  /// Scrapes, or sends half a request and waits, over one connection after another.
  private static void storm(TestNode node, boolean isComplete, AtomicBoolean isOver) {
    String request = RawHttp.request("GET", "/metrics", "");
    while (!isOver.get()) {
      try (RawHttp http = new RawHttp(node.server().metricsPort())) {
        http.send(request.substring(0, request.length() - (isComplete ? 0 : 2))).next();
      } catch (IOException e) {
        Thread.onSpinWait(); // gave way, as it must
      }
    }
  }

  /// Its thread may be late between the last byte of the request and the response.
  @Test
  void aConnectionThatIsServedDoesNotGiveWay() throws Exception {
    MetricsSlots slots = new MetricsSlots(new ManualClock());
    try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null)) {
      List<SocketChannel> all = new ArrayList<>();
      for (int i = 0; i < MetricsSlots.MAX; i++) {
        SocketChannel client = SocketChannel.open(listener.getLocalAddress());
        all.add(client);
        assertThat(slots.admit(client)).isTrue();
        assertThat(slots.enter(client, MetricsSlots.Stage.SERVING)).isTrue();
      }
      SocketChannel last = all.getLast();
      assertThat(slots.enter(last, MetricsSlots.Stage.READING)).isTrue();
      SocketChannel next = SocketChannel.open(listener.getLocalAddress());
      all.add(next);
      assertThat(slots.admit(next)).isTrue();
      for (SocketChannel each : all) {
        assertThat(each.isOpen()).isEqualTo(each != last);
      }
      slots.close();
    }
  }

  /// A request that has arrived on an idle connection, and is not read yet.
  @Test
  void aConnectionWithInputDoesNotGiveWay() throws Exception {
    MetricsSlots slots = new MetricsSlots(new ManualClock());
    try (ServerSocketChannel listener = ServerSocketChannel.open().bind(null)) {
      List<SocketChannel> clients = new ArrayList<>();
      List<SocketChannel> all = new ArrayList<>();
      for (int i = 0; i < MetricsSlots.MAX; i++) {
        clients.add(SocketChannel.open(listener.getLocalAddress()));
        all.add(listener.accept());
        assertThat(slots.admit(all.getLast())).isTrue();
        assertThat(slots.enter(all.getLast(), MetricsSlots.Stage.IDLE)).isTrue();
      }
      for (SocketChannel client : clients.subList(0, 3)) {
        client.write(ByteBuffer.wrap(new byte[1]));
      }
      await().until(() -> all.get(2).socket().getInputStream().available() > 0);
      clients.add(SocketChannel.open(listener.getLocalAddress()));
      all.add(listener.accept());
      assertThat(slots.admit(all.getLast())).isTrue();
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).isOpen()).as("connection %d", i).isEqualTo(i != 3);
      }
      slots.close();
      for (SocketChannel client : clients) {
        client.close();
      }
    }
  }

  /// A stall of the server is not the client's fault: the rest of a request counts after it.
  @Test
  void aStallOfTheServerDoesNotEndARequest() throws Exception {
    ManualClock machine = new ManualClock();
    StallClock clock = new StallClock(machine);
    Page page = new Page(new PrometheusRegistry(), _ -> true, () -> {});
    String request = RawHttp.request("GET", "/metrics", "");
    try (MetricsPort port = MetricsPort.open(ON.withPort(0), page, clock);
        RawHttp late = new RawHttp(port.port());
        RawHttp later = new RawHttp(port.port())) {
      for (RawHttp http : List.of(late, later)) {
        http.send(request).next(); // so both are read before the time changes
        http.send(request.substring(0, 20));
      }
      machine.advance(Duration.ofSeconds(15));
      assertThat(late.send(request.substring(20)).next().status()).isEqualTo(200);
      await("ten seconds while the server was running")
          .until(() -> {
            machine.advance(Duration.ofSeconds(2));
            clock.tick();
            return !canSend(later);
          });
    }
  }

  private static boolean canSend(RawHttp http) {
    try {
      http.send("x");
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void aMalformedRequestEndsItsConnection() throws IOException {
    try (TestNode node = TestNode.start(ON, TestNode.APP)) {
      for (String bytes : new String[] {"GET\r\n\r\n", "GET /metrics SPDY/3\r\n\r\n"}) {
        try (RawHttp http = new RawHttp(node.server().metricsPort())) {
          RawHttp.Answer answer = http.send(bytes).next();
          assertThat(answer.status()).isEqualTo(400);
          assertThat(answer.header("Connection")).isEqualTo("close");
          assertThat(http.isEnded()).isTrue();
        }
      }
      try (RawHttp http = new RawHttp(node.server().metricsPort())) {
        http.send("GET /metrics HTTP/1.1\r\nX: " + "x".repeat(9_000));
        assertThat(http.isEnded()).isTrue();
      }
    }
  }

  @Test
  void anErrorEndsOneConnectionOnly() throws IOException {
    AtomicBoolean isDue = new AtomicBoolean(true);
    Runnable refresh =
        () -> {
          if (isDue.getAndSet(false)) {
            throw new LinkageError("on purpose");
          }
        };
    Page page = new Page(new PrometheusRegistry(), _ -> true, refresh);
    try (MetricsPort port = MetricsPort.open(ON.withPort(0), page, NanoClock.SYSTEM)) {
      try (RawHttp http = new RawHttp(port.port())) {
        assertThat(http.send(RawHttp.request("GET", "/metrics", "")).isEnded()).isTrue();
      }
      try (RawHttp http = new RawHttp(port.port())) {
        assertThat(http.send(RawHttp.request("GET", "/metrics", "")).next().status())
            .isEqualTo(200);
      }
    }
  }
}
