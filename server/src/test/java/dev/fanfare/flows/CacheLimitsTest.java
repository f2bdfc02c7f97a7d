package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// What cache channels keep is bounded in bytes (section 5): the least recently published event is
/// forgotten first.
@Tag("one-node")
final class CacheLimitsTest {

  /// A short event takes 512 bytes and a few for its text: three fit.
  private static final int THREE_EVENTS = 1_700;

  private final ManualClock clock = new ManualClock();
  private final List<String> forgotten = new CopyOnWriteArrayList<>();

  @Test
  void anAppForgetsItsLeastRecentlyPublishedEvent() throws IOException {
    App app = Apps.with(PlainApp.APP, limits -> limits.withMaxCacheBytes(THREE_EVENTS));
    try (TestNode node = start(LedgerOptions.DERIVED, app);
        Api api = new Api(node);
        RawSocket socket = node.connect()) {
      for (String channel : List.of("cache-1", "cache-2", "cache-3", "cache-1", "cache-4")) {
        api.publish(channel, "e", "1");
      }
      assertThat(forgotten).containsExactly("3 cache-2");
      assertThat(cached(socket, "cache-2")).contains("pusher:cache_miss");
      for (String channel : List.of("cache-1", "cache-3", "cache-4")) {
        assertThat(cached(socket, channel)).contains("\"event\":\"e\"");
      }
      assertThat(node.server().ledger().caches().used()).isBetween(1L, (long) THREE_EVENTS);
    }
  }

  @Test
  void anEventLargerThanTheLimitIsDeliveredButNotKept() throws IOException {
    App app = Apps.with(PlainApp.APP, limits -> limits.withMaxCacheBytes(THREE_EVENTS));
    try (TestNode node = start(LedgerOptions.DERIVED, app);
        Api api = new Api(node);
        RawSocket socket = node.connect();
        RawSocket late = node.connect()) {
      assertThat(cached(socket, "cache-1")).contains("pusher:cache_miss");
      api.publish("cache-1", "e", "x".repeat(2_000));
      assertThat(socket.nextText()).contains("xxx");
      assertThat(cached(late, "cache-1")).contains("pusher:cache_miss");
      // As the JVM stores them: two bytes per character.
      api.publish("cache-1", "e", "я".repeat(800));
      assertThat(forgotten).containsExactly("3 cache-1", "3 cache-1");
      assertThat(node.server().ledger().caches().used()).isZero();
    }
  }

  @Test
  void theAppThatKeepsMostForgetsFirst() throws IOException {
    LedgerOptions small = LedgerOptions.DERIVED.withCacheMemoryBytes(10_000);
    try (TestNode node = start(small, PlainApp.APP, PlainApp.OTHER);
        Api modest = new Api(node);
        Api greedy = new Api(node.port(), PlainApp.OTHER);
        RawSocket socket = node.connect()) {
      modest.publish("cache-1", "e", "1");
      for (int i = 0; i < 50; i++) {
        greedy.publish("cache-" + i, "e", "x".repeat(100));
      }
      modest.publish("cache-2", "e", "1");
      assertThat(cached(socket, "cache-1")).contains("\"event\":\"e\"");
      assertThat(cached(socket, "cache-2")).contains("\"event\":\"e\"");
      assertThat(forgotten).isNotEmpty().allMatch(event -> event.startsWith("4 "));
      assertThat(node.server().ledger().caches().used()).isBetween(9_000L, 10_000L);
    }
  }

  @Test
  void whatHasExpiredIsNotCounted() throws IOException {
    try (TestNode node = start(LedgerOptions.DERIVED, PlainApp.APP);
        Api api = new Api(node)) {
      for (int i = 0; i < 20; i++) {
        api.publish("cache-" + i, "e", "1");
        api.publish("cache-" + i, "e", "12");
      }
      assertThat(node.server().ledger().caches().used()).isBetween(20L * 512, 20L * 600);
      clock.advance(Duration.ofSeconds(PlainApp.APP.limits().cacheTtlSeconds()));
      await()
          .atMost(Duration.ofSeconds(10))
          .untilAsserted(() -> assertThat(node.server().ledger().caches().used()).isZero());
      assertThat(forgotten).isEmpty();
    }
  }

  private TestNode start(LedgerOptions ledger, App... apps) {
    ServerListener observer =
        new ServerListener() {
          @Override
          public void on(Observation observation) {
            switch (observation) {
              case Observation.CacheForgotten(var app, var channel) -> cacheForgotten(app, channel);
              default -> {}
            }
          }

          private void cacheForgotten(App app, String channel) {
            forgotten.add(app.id() + " " + channel);
          }
        };
    PartOptions options = TestNode.PARTS.withLedger(ledger);
    FanfareServer.Clocks clocks = clock.withSystemTime();
    return TestNode.start(options, clocks, observer, apps);
  }

  /// What follows the success of a subscription.
  private static String cached(RawSocket socket, String channel) throws IOException {
    socket.subscribe(channel);
    assertThat(socket.nextText()).contains("subscription_succeeded", channel);
    return socket.nextText();
  }
}
