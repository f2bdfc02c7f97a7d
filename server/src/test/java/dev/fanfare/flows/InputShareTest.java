package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.metrics.MetricsOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Many clients keep a lane busy with their input: each is read more slowly, others are answered
/// meanwhile, and nothing is lost.
@Tag("one-node")
final class InputShareTest {

  private static final int CLIENTS = 20;
  private static final int MESSAGES = 200;
  private static final long PATIENCE_NS = 30_000_000_000L;
  private static final Pattern PAUSES =
      Pattern.compile("fanfare_lane_input_pauses_total\\{lane=\"0\"\\} (\\S+)");
  private static final String NONSENSE =
      "{\"event\":\"nonsense\",\"data\":\"" + "a".repeat(60) + "\"}";
  private static final String GET =
      "GET /apps/1234/channels?auth_key=x HTTP/1.1\r\nHost: x\r\n\r\n";

  /// Time passes only where the server looks at the clock, so the lane appears busy on any machine.
  private static final class SteppingClock implements NanoClock {
    private static final long STEP_NS = 100_000;

    private final AtomicLong nowNs = new AtomicLong(1);
    private volatile long stepNs = STEP_NS;

    @Override
    public long nanoTime() {
      return nowNs.addAndGet(stepNs);
    }

    /// All have waited for long enough, and input takes no time any more.
    void calm() {
      stepNs = 0;
      nowNs.addAndGet(10_000_000_000L);
    }
  }

  private final SteppingClock clock = new SteppingClock();
  private final List<AutoCloseable> open = new ArrayList<>();
  private TestNode node;

  @BeforeEach
  void start() {
    node =
        TestNode.start(
            TestNode.PARTS
                .withServer(TestNode.options(0).withLanes(1))
                .withMetrics(MetricsOptions.DEFAULTS.withPort(0)),
            new FanfareServer.Clocks(clock, InstantSource.system()),
            ServerListener.NONE,
            TestNode.APP);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : open) {
      each.close();
    }
    node.close();
  }

  private <T extends AutoCloseable> T closing(T resource) {
    open.add(resource);
    return resource;
  }

  private double pauses() throws IOException {
    try (RawHttp http = new RawHttp(node.server().metricsPort())) {
      String page = http.send(RawHttp.request("GET", "/metrics", "")).next().body();
      Matcher pauses = PAUSES.matcher(page);
      assertThat(pauses.find()).isTrue();
      return Double.parseDouble(pauses.group(1));
    }
  }

  private void awaitPauses() throws IOException {
    long startNs = System.nanoTime();
    while (pauses() == 0) {
      assertThat(System.nanoTime() - startNs).isLessThan(PATIENCE_NS);
    }
  }

  @Test
  void messagesWaitWhileOthersAreAnswered() throws Exception {
    RawSocket quiet = closing(node.connect());
    List<RawSocket> greedy = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      greedy.add(closing(node.connect()));
    }
    for (RawSocket client : greedy) {
      for (int i = 0; i < MESSAGES; i++) {
        client.sendText(NONSENSE);
      }
    }
    awaitPauses();
    quiet.sendText("{\"event\":\"pusher:ping\"}");
    assertThat(quiet.nextText()).isEqualTo("{\"event\":\"pusher:pong\",\"data\":\"{}\"}");
    clock.calm();
    for (RawSocket client : greedy) {
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(client.nextText()).contains("Unsupported event received on socket: 'nonsense'");
      }
      client.expectNothing();
    }
  }

  @Test
  void requestsWaitAndAllAreAnswered() throws Exception {
    List<RawHttp> greedy = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      greedy.add(closing(new RawHttp(node.port())).send(GET.repeat(MESSAGES)));
    }
    awaitPauses();
    try (RawHttp quiet = new RawHttp(node.port())) {
      assertThat(quiet.send("GET /live HTTP/1.1\r\nHost: x\r\n\r\n").next().status())
          .isEqualTo(200);
    }
    clock.calm();
    for (RawHttp client : greedy) {
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(client.next().status()).isEqualTo(401);
      }
    }
  }

  @Test
  void aServerWithTheSecretDoesNotWait() throws Exception {
    String signed = RawHttp.signed(node.app(), "GET", "/channels", "");
    List<RawHttp> servers = new ArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      RawHttp server = closing(new RawHttp(node.port())).send(signed);
      assertThat(server.next().status()).isEqualTo(200);
      servers.add(server);
    }
    double before = pauses();
    for (RawHttp server : servers) {
      server.send(GET.repeat(MESSAGES));
    }
    for (RawHttp server : servers) {
      for (int i = 0; i < MESSAGES; i++) {
        assertThat(server.next().status()).isEqualTo(401);
      }
    }
    assertThat(pauses()).isEqualTo(before);
  }
}
