package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// `GET /connections/SOCKET_ID`, byte by byte.
@Tag("one-node")
final class ConnectionsTest {

  private static final App APP = PlainApp.APP.withHistory(List.of(HistoryRule.DEFAULTS));

  private final ManualClock clock = new ManualClock();
  private final AtomicLong wallMs = new AtomicLong(System.currentTimeMillis());

  private void pass(int seconds) {
    clock.advance(Duration.ofSeconds(seconds));
    wallMs.addAndGet(seconds * 1_000L);
  }

  private TestNode start(App app) {
    return TestNode.start(
        TestNode.PARTS,
        new FanfareServer.Clocks(clock, () -> Instant.ofEpochMilli(wallMs.get())),
        ServerListener.NONE,
        app);
  }

  private static void subscribe(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextText()).contains("subscription_succeeded");
  }

  @Test
  void aConnectionSaysWhatItsClientHasConfirmed() throws IOException {
    try (TestNode node = start(APP);
        Api api = new Api(node);
        RawSocket socket = RawSocket.established(node.port(), APP.key() + "/phone")) {
      long sinceMs = wallMs.get();
      String path = "/connections/" + socket.socketId();
      assertThat(api.get(path, "").body())
          .isEqualTo("{\"since_ms\":%d,\"subscriptions\":0,\"unconfirmed\":0}".formatted(sinceMs));
      subscribe(socket, "feed");
      subscribe(socket, "news");
      pass(1);
      api.post("/events", "{\"name\":\"e\",\"channel\":\"feed\",\"data\":\"1\"}");
      assertThat(socket.nextText()).contains("\"data\":\"1\"");
      assertThat(api.get(path, "").body())
          .isEqualTo("{\"since_ms\":%d,\"subscriptions\":2,\"unconfirmed\":1}".formatted(sinceMs));
      RawSocket.Frame ping = socket.nextFrame();
      assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
      pass(1);
      socket.sendFrame(RawSocket.PONG, true, ping.payload());
      socket.expectNothing();
      long confirmedMs = wallMs.get();
      pass(3);
      assertThat(api.get(path, "").body())
          .isEqualTo(
              "{\"since_ms\":%d,\"subscriptions\":2,\"unconfirmed\":0,\"confirmed_ms\":%d}"
                  .formatted(sinceMs, confirmedMs));
    }
  }

  @Test
  void anUnknownConnectionIsNotFound() throws IOException {
    try (TestNode node = start(PlainApp.APP);
        Api api = new Api(node)) {
      assertThat(PlainApp.line(api.get("/connections/1.2", "")))
          .isEqualTo("404 This node has no connection 1.2");
      try (RawSocket socket = node.connect()) {
        String path = "/connections/" + socket.socketId();
        assertThat(api.get(path, "").body()).contains("\"subscriptions\":0,\"unconfirmed\":0}");
        assertThat(PlainApp.line(api.post(path, "{}"))).startsWith("405 ");
      }
    }
  }

  @Test
  void connectionsOfOtherAppsAreNotFound() throws IOException {
    App other = APP.withId("2").withKey("other-key");
    try (TestNode node =
            TestNode.start(
                TestNode.PARTS,
                FanfareServer.Clocks.SYSTEM,
                ServerListener.NONE,
                PlainApp.APP,
                other);
        Api api = new Api(node);
        RawSocket socket = RawSocket.established(node.port(), other.key())) {
      assertThat(PlainApp.line(api.get("/connections/" + socket.socketId(), "")))
          .isEqualTo("404 This node has no connection " + socket.socketId());
    }
  }
}
