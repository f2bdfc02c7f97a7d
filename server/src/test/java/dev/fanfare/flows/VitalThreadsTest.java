package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Threads that the server needs go on after an `Error` in their work, and `/ready` names one that
/// hangs.
@Tag("one-node")
final class VitalThreadsTest {

  private static final PartOptions OPTIONS =
      TestNode.PARTS
          .withWebhooks(WebhookOptions.DEFAULTS.withHoldBackSeconds(0))
          .withMetrics(MetricsOptions.DEFAULTS.withPort(0));

  private final ManualClock clock = new ManualClock();
  private Receiver receiver;

  /// Fails or blocks once, on the thread that takes events in or on the one that sends them.
  private static final class Obstacle implements ServerListener {
    private final AtomicBoolean isOnIntake = new AtomicBoolean();
    private final AtomicBoolean isOnCourier = new AtomicBoolean();
    private final CountDownLatch isBlocked = new CountDownLatch(1);
    private volatile @Nullable CountDownLatch gate;

    @Override
    public void on(Observation observation) {
      switch (observation) {
        case Observation.WebhookAccepted(_, _) -> webhookAccepted();
        case Observation.WebhookDelivered(_, _, _, _) -> webhookDelivered();
        default -> {}
      }
    }

    private void webhookAccepted() {
      CountDownLatch closed = gate;
      if (closed != null) {
        isBlocked.countDown();
        await(closed);
      }
      fail(isOnIntake);
    }

    private void webhookDelivered() {
      fail(isOnCourier);
    }

    private static void await(CountDownLatch closed) {
      try {
        closed.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    private static void fail(AtomicBoolean isDue) {
      if (isDue.getAndSet(false)) {
        throw new LinkageError("on purpose");
      }
    }
  }

  private final Obstacle obstacle = new Obstacle();

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private TestNode start() {
    App app =
        TestNode.APP
            .withOptions(TestNode.APP.options().withSubscriptionCounts(false))
            .withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
    return TestNode.start(OPTIONS, clock.withSystemTime(), obstacle, app);
  }

  /// Occupies a channel, and vacates it when the socket is closed.
  private static RawSocket occupy(TestNode node, String channel) throws IOException {
    RawSocket client = node.connect();
    client.subscribe(channel);
    assertThat(client.nextText()).contains("subscription_succeeded");
    return client;
  }

  private void expectOccupied(String channel) {
    assertThat(receiver.nextEvent()).isEqualTo("channel_occupied " + channel);
  }

  private static String ready(TestNode node) throws IOException {
    return get(node.port(), "/ready");
  }

  private static String get(int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      return http.send(RawHttp.request("GET", path, "")).next().line();
    }
  }

  @Test
  void webhooksAreTakenInAfterAnError() throws IOException {
    obstacle.isOnIntake.set(true);
    try (TestNode node = start();
        RawSocket _ = occupy(node, "lost")) {
      await().untilFalse(obstacle.isOnIntake);
      try (RawSocket _ = occupy(node, "next")) {
        expectOccupied("next");
      }
    }
  }

  @Test
  void webhooksAreSentAfterAnError() throws IOException {
    obstacle.isOnCourier.set(true);
    try (TestNode node = start();
        RawSocket _ = occupy(node, "first")) {
      expectOccupied("first");
      await().untilFalse(obstacle.isOnCourier);
      try (RawSocket _ = occupy(node, "next")) {
        expectOccupied("next");
      }
    }
  }

  private static Set<Thread> selectors() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("HttpClient-\\d+-SelectorManager"))
        .collect(Collectors.toSet());
  }

  /// The thread of the JDK's HTTP client ends when it is interrupted, as it does after an `Error`.
  @Test
  void webhooksAreSentAfterTheThreadOfTheirClientHasDied() throws IOException {
    Set<Thread> before = selectors();
    try (TestNode node = start();
        RawSocket _ = occupy(node, "first")) {
      expectOccupied("first");
      Set<Thread> started = selectors();
      started.removeAll(before);
      assertThat(started).isNotEmpty();
      started.forEach(Thread::interrupt);
      await().until(() -> started.stream().noneMatch(Thread::isAlive));
      try (RawSocket _ = occupy(node, "next")) {
        expectOccupied("next");
      }
    }
  }

  @Test
  void aThreadThatHangsMakesTheServerUnready() throws IOException {
    CountDownLatch gate = new CountDownLatch(1);
    obstacle.gate = gate;
    try (TestNode node = start();
        RawSocket _ = occupy(node, "first")) {
      Obstacle.await(obstacle.isBlocked);
      assertThat(ready(node)).isEqualTo("200 OK");
      clock.advance(Duration.ofSeconds(31));
      assertThat(ready(node)).isEqualTo("503 The thread fanfare-webhooks has been stuck for 31 s");
      int metrics = node.server().metricsPort();
      assertThat(get(metrics, "/metrics")).contains("\nfanfare_unready{cause=\"threads\"} 1.0\n");
      obstacle.gate = null;
      gate.countDown();
      await().until(() -> ready(node).equals("200 OK"));
      expectOccupied("first");
    }
  }
}
