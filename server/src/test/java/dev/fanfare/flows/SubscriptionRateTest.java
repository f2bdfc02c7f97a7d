package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.Quota;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How fast one connection may subscribe, unsubscribe and sign in (section 2.6): it waits, and
/// loses nothing.
@Tag("one-node")
final class SubscriptionRateTest {

  private static final App APP = Apps.with(PlainApp.APP, limits -> limits.withMaxSubscriptions(0));

  private final List<String> reports = new CopyOnWriteArrayList<>();
  private final ServerListener observer =
      new ServerListener() {
        @Override
        public void on(Observation observation) {
          switch (observation) {
            case Observation.QuotaExceeded(_, var quota) -> quotaExceeded(quota);
            case Observation.ReadingPaused(_, _, var reason) -> readingPaused(reason);
            default -> {}
          }
        }

        private void quotaExceeded(Quota quota) {
          reports.add(quota.setting());
        }

        private void readingPaused(String reason) {
          reports.add(reason);
        }
      };

  @Test
  void whatExceedsTheBurstWaitsAndIsNotLost() throws IOException {
    ManualClock clock = new ManualClock();
    try (TestNode node = start(clock, APP);
        Api api = new Api(node);
        RawSocket flooding = node.connect();
        RawSocket other = node.connect()) {
      flooding.send(subscriptions(2_150));
      flooding.sendText("{\"event\":\"pusher:ping\"}");
      expectSuccesses(flooding, 0, 2_000);
      assertThat(occupied(api)).as("while the clock stands still").isEqualTo(2_000);
      other.subscribe("c2149");
      assertThat(other.nextText()).contains("subscription_succeeded");
      other.expectNothing();
      clock.advance(Duration.ofSeconds(1));
      expectSuccesses(flooding, 2_000, 2_100);
      assertThat(occupied(api)).isEqualTo(2_101);
      clock.advance(Duration.ofSeconds(1));
      expectSuccesses(flooding, 2_100, 2_150);
      assertThat(flooding.nextText()).contains("pusher:pong");
      flooding.expectNothing();
      assertThat(reports)
          .as("once per connection")
          .containsExactly(
              "max_subscription_changes_per_second",
              "after a burst of 2000 it still subscribes, unsubscribes or signs in more than 100"
                  + " times per second (max_subscription_changes_per_second)");
    }
  }

  @Test
  void aClientThatSubscribesToItsChannelsAgainIsNotSlowedDown() throws IOException {
    App app = Apps.with(PlainApp.APP, limits -> limits.withMaxSubscriptions(1_500));
    try (TestNode node = start(new ManualClock(), app);
        RawSocket socket = node.connect()) {
      socket.send(subscriptions(1_500));
      expectSuccesses(socket, 0, 1_500);
      ByteArrayOutputStream leaving = new ByteArrayOutputStream();
      for (int i = 0; i < 1_499; i++) {
        leaving.writeBytes(frame("unsubscribe", "c" + i));
      }
      socket.send(leaving.toByteArray());
      socket.expectNothing();
      assertThat(reports).isEmpty();
    }
  }

  @Test
  void withoutALimitNothingWaits() throws IOException {
    App app = Apps.with(APP, limits -> limits.withMaxSubscriptionChangesPerSecond(0));
    try (TestNode node = start(new ManualClock(), app);
        RawSocket socket = node.connect()) {
      socket.send(subscriptions(2_500));
      expectSuccesses(socket, 0, 2_500);
      socket.expectNothing();
      assertThat(reports).isEmpty();
    }
  }

  /// Its socket is not read when it ends.
  @Test
  void aConnectionThatEndsDuringAPauseIsForgotten() throws IOException {
    App app = Apps.with(APP, limits -> limits.withMaxSubscriptionChangesPerSecond(1_000_000_000));
    ManualClock clock = new ManualClock();
    try (TestNode node = start(clock, app)) {
      try (RawSocket flooding = node.connect()) {
        flooding.send(subscriptions(2_500));
        expectSuccesses(flooding, 0, 2_000);
      }
      clock.advance(Duration.ofSeconds(1));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(node.server().connections(app)).isZero());
    }
  }

  private TestNode start(ManualClock clock, App app) {
    FanfareServer.Clocks clocks = clock.withSystemTime();
    return TestNode.start(TestNode.options(0), clocks, observer, app);
  }

  private static byte[] subscriptions(int count) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      all.writeBytes(frame("subscribe", "c" + i));
    }
    return all.toByteArray();
  }

  private static byte[] frame(String verb, String channel) {
    String text = "{\"event\":\"pusher:" + verb + "\",\"data\":{\"channel\":\"" + channel + "\"}}";
    return RawSocket.frame(0x81, true, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void expectSuccesses(RawSocket socket, int from, int to) throws IOException {
    for (int i = from; i < to; i++) {
      assertThat(socket.nextText()).contains("subscription_succeeded", "\"c" + i + "\"");
    }
  }

  private static long occupied(Api api) throws IOException {
    return api.get("/channels", "").body().split("\"c\\d+\"", -1).length - 1L;
  }
}
