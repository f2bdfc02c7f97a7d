package dev.fanfare.clients;

import static com.pusher.client.connection.ConnectionState.CONNECTED;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.CloseCode;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// An idle but healthy connection must not be closed (section 1.4).
@BothJavaClients
final class IdleTest {

  @Test
  void aClientThatPingsIsAnsweredBeforeItGivesUp() throws IOException {
    long shortestAllowedMs = 1_000;
    try (TestNode node = TestNode.start();
        Backend backend = new Backend(node);
        Wire wire = new Wire(node.port());
        Device device =
            new Device(
                node.app().key(),
                Device.options(wire.port()).setActivityTimeout(shortestAllowedMs))) {
      device.connect();
      ChannelLog news = device.subscribed("news", "headline");
      wire.messages().skipTo("{\"event\": \"pusher:ping\"}");
      // Only an answer to the first ping makes the client send a second.
      wire.messages().skipTo("{\"event\": \"pusher:ping\"}");
      backend.publish("news", "headline", "still there");
      assertThat(news.next()).isEqualTo("headline: \"still there\"");
      expectNoInterruption(device);
    }
  }

  @Test
  void aClientThatOnlyListensAnswersTheProbesOfTheNode() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode node = nodeOfOneLane(clock);
        Backend backend = new Backend(node);
        Device device = Device.connected(node)) {
      ChannelLog news = device.subscribed("news", "headline");
      // This socket never answers. A lane probes in order of arrival, so the device was probed just
      // before the dead socket, and would have been closed just before it, had it not answered.
      try (RawSocket dead = node.connect()) {
        clock.advance(Duration.ofSeconds(Limits.ACTIVITY_TIMEOUT_SECONDS));
        assertThat(dead.nextFrame().opcode()).isEqualTo(RawSocket.PING);
        clock.advance(Duration.ofSeconds(Limits.PONG_TIMEOUT_SECONDS));
        assertThat(dead.nextClose().closeCode()).isEqualTo(CloseCode.PONG_MISSING.code());
      }
      backend.publish("news", "headline", "still there");
      assertThat(news.next()).isEqualTo("headline: \"still there\"");
      expectNoInterruption(device);
    }
  }

  private static void expectNoInterruption(Device device) {
    assertThat(device.pusher().getConnection().getState()).isEqualTo(CONNECTED);
    assertThat(device.connection().stateChanges()).as("connecting, connected").isEqualTo(2);
  }

  private static TestNode nodeOfOneLane(ManualClock clock) {
    return TestNode.start(
        TestNode.options(0).withLanes(1),
        clock.withSystemTime(),
        ServerListener.NONE,
        TestNode.APP);
  }
}
