package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import dev.fanfare.testing.TestNodes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// Cache channels (section 5): the last published event is stored for later subscribers.
@ParameterizedClass(name = "nodes={0}")
@ValueSource(ints = {1, 2})
final class CacheChannelsTest {

  private static final App APP = TestNode.APP;

  @Parameter private int count;
  private final ManualClock clock = new ManualClock();
  private TestNodes nodes;
  private TestNode node;
  private Api api;

  /// Subscribers are on the first node, publishers use the last.
  @BeforeEach
  void start() {
    nodes = TestNodes.start(count, clock.withSystemTime(), APP);
    node = nodes.first();
    api = new Api(nodes.last());
  }

  /// Waits until subscribers get the event that was published to a channel.
  private void awaitCached(String channel) {
    try (Api there = new Api(node)) {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> !there.get("/channels/" + channel, "info=cache").body().contains(":null"));
    }
  }

  @AfterEach
  void stop() {
    api.close();
    nodes.close();
  }

  @Test
  void anEmptyCacheIsAMissForThatSubscriberOnly() throws IOException {
    try (RawSocket first = node.connect();
        RawSocket second = node.connect()) {
      first.subscribe("cache-a");
      assertThat(first.nextText()).contains("subscription_succeeded");
      assertThat(first.nextText())
          .isEqualTo("{\"event\":\"pusher:cache_miss\",\"channel\":\"cache-a\",\"data\":\"{}\"}");
      first.nextTextContaining("subscription_count");
      second.subscribe("cache-a");
      second.nextTextContaining("cache_miss");
      clock.advance(Duration.ofMillis(250)); // the count
      first.nextTextContaining("subscription_count");
      first.expectNothing();
    }
  }

  @Test
  void theLastEventFollowsTheSuccessAndSurvivesTheLastUnsubscribe() throws IOException {
    try (RawSocket early = node.connect()) {
      early.subscribe("cache-b");
      early.nextTextContaining("cache_miss");
      api.publish("cache-b", "first", "1");
      api.publish("cache-b", "second", "2");
      assertThat(early.nextTextContaining("second")).contains("\"data\":\"2\"");
      early.unsubscribe("cache-b");
      early.expectNothing(); // it has left, so only late is counted
    }
    try (RawSocket late = node.connect()) {
      late.subscribe("cache-b");
      assertThat(late.nextText()).contains("subscription_succeeded");
      assertThat(late.nextText())
          .isEqualTo("{\"event\":\"second\",\"channel\":\"cache-b\",\"data\":\"2\"}");
      clock.advance(Duration.ofMillis(250)); // the count
      late.nextTextContaining("subscription_count");
      late.expectNothing();
    }
  }

  @Test
  void theCacheExpires() throws IOException {
    api.publish("cache-c", "e", "1");
    awaitCached("cache-c");
    clock.advance(Duration.ofMinutes(10));
    assertThat(api.get("/channels/cache-c", "info=cache").body())
        .isEqualTo("{\"occupied\":false,\"cache\":{\"data\":\"1\",\"ttl\":1200}}");
    clock.advance(Duration.ofMinutes(20));
    assertThat(api.get("/channels/cache-c", "info=cache").body())
        .isEqualTo("{\"occupied\":false,\"cache\":null}");
    try (RawSocket late = node.connect()) {
      late.subscribe("cache-c");
      late.nextTextContaining("cache_miss");
    }
  }

  @Test
  void clientEventsAreNotCached() throws IOException {
    try (RawSocket sender = nodes.last().connect();
        RawSocket receiver = node.connect();
        RawSocket late = node.connect()) {
      sender.subscribePrivate(APP, "private-cache-d");
      sender.nextTextContaining("cache_miss");
      receiver.subscribePrivate(APP, "private-cache-d");
      receiver.nextTextContaining("cache_miss");
      sender.trigger("private-cache-d", "client-e", "\"x\"");
      receiver.nextTextContaining("client-e");
      late.subscribePrivate(APP, "private-cache-d");
      late.nextTextContaining("cache_miss");
    }
  }

  @Test
  void privateCacheChannelsStillNeedASignature() throws IOException {
    api.publish("private-cache-e", "secret", "1");
    awaitCached("private-cache-e");
    try (RawSocket thief = node.connect()) {
      thief.subscribe("private-cache-e");
      assertThat(thief.nextText()).contains("AuthError");
      assertThat(thief.nextText()).contains("Auth info required to subscribe to private-cache-e");
      thief.expectNothing();
    }
  }

  @Test
  @Tag("one-node")
  void aSubscriberDuringPublishesGetsNoEventTwiceAndMissesNoLaterOne() throws IOException {
    for (int round = 0; round < 30; round++) {
      String channel = "cache-race-" + round;
      try (RawSocket socket = node.connect()) {
        api.publish(channel, "n", "0");
        socket.subscribe(channel);
        api.publish(channel, "n", "1");
        api.publish(channel, "n", "2");
        socket.nextTextContaining("subscription_succeeded");
        int last = -1;
        while (last < 2) {
          String text = socket.nextTextContaining("\"n\"");
          int number = text.charAt(text.length() - 3) - '0';
          assertThat(number).as("after " + last + " in round " + round).isGreaterThan(last);
          last = number;
        }
      }
    }
  }

  /// Whichever comes last, it is the same for all nodes.
  @Test
  void allNodesKeepTheSameEventOfConcurrentPublishers() throws Exception {
    List<Thread> publishers = new ArrayList<>();
    for (String name : List.of("x", "y")) {
      publishers.add(Thread.ofVirtual().start(() -> publishMany("cache-f", name)));
    }
    for (Thread publisher : publishers) {
      publisher.join();
    }
    String kept = data(api, "cache-f");
    assertThat(kept).matches("[xy]39");
    try (Api there = new Api(node)) {
      await().atMost(Duration.ofMinutes(1)).until(() -> data(there, "cache-f").equals(kept));
    }
  }

  /// What a channel keeps, without the time left: an event that was under way for a millisecond has
  /// less of it on the other node.
  private static String data(Api api, String channel) throws IOException {
    String body = api.get("/channels/" + channel, "info=cache").body();
    return body.replaceAll(".*\"data\":\"|\",\"ttl\":.*", "");
  }

  private void publishMany(String channel, String name) {
    try (Api own = new Api(nodes.last())) {
      for (int i = 0; i < 40; i++) {
        own.publish(channel, name, name + i);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
