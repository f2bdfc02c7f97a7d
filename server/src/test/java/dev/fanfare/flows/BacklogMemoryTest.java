package dev.fanfare.flows;

import static dev.fanfare.flows.PlainApp.frame;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.budget.Share;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The memory for what clients have not read: who is cut when it is used up, and that the others
/// lose nothing.
@Tag("one-node")
final class BacklogMemoryTest {

  private static final int LIMIT = 4 * 1_024 * 1_024;
  private static final String DATA = "x".repeat(10_000);

  private final Closures closures = new Closures();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    App app = PlainApp.APP.withOptions(AppOptions.DEFAULTS);
    node =
        TestNode.start(
            TestNode.PARTS.withLedger(LedgerOptions.DERIVED.withBacklogMemoryBytes(LIMIT)),
            FanfareServer.Clocks.SYSTEM,
            closures,
            app);
    api = new Api(node);
  }

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
    api.close();
    node.close();
  }

  private Share backlog() {
    return node.server().ledger().backlog();
  }

  private void awaitNothingUsed() {
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertThat(backlog().used()).isZero());
  }

  /// Each silent client has a separate channel, so that they share no buffers.
  @Test
  void silentClientsAreCutAndTheOthersLoseNothing() throws IOException {
    int silent = 20;
    RawSocket reader = open(subscriber("read"));
    for (int i = 0; i < silent; i++) {
      open(subscriber("silent-" + i));
    }
    int events = 0;
    for (int round = 0; round < 1_500 && closures.count(4100) < silent / 4; round++) {
      for (int i = 0; i < silent; i++) {
        HttpResponse<String> response = publish("silent-" + i);
        assertThat(response.statusCode()).as(response.body()).isIn(200, 503);
      }
      if (round % 10 == 0) {
        if (publish("read").statusCode() == 200) {
          assertThat(reader.nextText()).isEqualTo(frame("e", "read", "\"" + DATA + "\""));
          events++;
        }
      }
    }
    assertThat(events).isPositive();
    assertThat(closures.reasons())
        .anyMatch(reason ->
            reason.matches(
                "No memory left for what clients have not read: \\d+ of "
                    + LIMIT
                    + " bytes are in use \\(backlog_memory_bytes\\); \\d+ bytes are waiting here"));
    for (AutoCloseable each : opened) {
      close(each);
    }
    awaitNothingUsed();
  }

  @Test
  void whatIsReadIsNotHeld() throws IOException {
    List<RawSocket> readers = List.of(open(subscriber("a")), open(subscriber("a")));
    for (int i = 0; i < 20; i++) {
      publish("a");
      for (RawSocket reader : readers) {
        assertThat(reader.nextText()).contains(DATA);
      }
    }
    awaitNothingUsed();
  }

  /// Responses that repeat the path are as long as their requests.
  @Test
  void unreadResponsesCountAsWell() throws IOException {
    String request = RawHttp.request("GET", "/" + "x".repeat(15_000), "");
    for (int i = 0; i < 30; i++) {
      RawHttp http = new RawHttp(node.port());
      opened.add(http);
      Thread.startVirtualThread(() -> sendWhileOpen(http, request));
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(closures.reasons())
                .anyMatch(reason ->
                    reason.startsWith("No memory left for what clients have not read: ")));
    assertThat(backlog().used()).isLessThanOrEqualTo(LIMIT + 64 * 1_024);
    for (AutoCloseable each : opened) {
      close(each);
    }
    awaitNothingUsed();
  }

  private static void sendWhileOpen(RawHttp http, String request) {
    try {
      for (int i = 0; i < 500; i++) {
        http.send(request);
      }
    } catch (IOException e) {
      // cut, or closed by the test
    }
  }

  private HttpResponse<String> publish(String channel) throws IOException {
    return api.post(
        "/events", "{\"name\":\"e\",\"channel\":\"" + channel + "\",\"data\":\"" + DATA + "\"}");
  }

  private RawSocket subscriber(String channel) throws IOException {
    RawSocket socket = ServerProcess.connect(node.port(), PlainApp.APP.key());
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  private RawSocket open(RawSocket socket) {
    opened.add(socket);
    return socket;
  }

  private static void close(AutoCloseable each) {
    try {
      each.close();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }
}
