package dev.fanfare.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.StreamsContract;
import dev.fanfare.history.shared.StreamsUnavailable;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is kept in one Redis.
final class RedisStreamsTest extends StreamsContract {

  private static final int PATIENCE_SECONDS = 60;
  private static final ChannelKey FEED = new ChannelKey("1", "feed-7");
  private static final Streams.Limits LIMITS = new Streams.Limits(100, 600_000, 720_000);

  @TempDir private static Path folder;

  private static RedisProcess redis;

  @BeforeAll
  static void start() throws IOException {
    redis = RedisProcess.start(folder);
  }

  @AfterAll
  static void end() {
    redis.close();
  }

  @BeforeEach
  void empty() throws IOException {
    assertThat(redis.ask("FLUSHALL")).isEqualTo("OK");
  }

  /// What a node of a cluster uses.
  static Streams streams(String cluster, List<String> urls) {
    return new RedisStreams(options(cluster, urls));
  }

  static EngineOptions options(String cluster, List<String> urls) {
    return EngineOptions.NONE
        .withKind(EngineOptions.Kind.REDIS)
        .withCluster(cluster)
        .withUrls(
            urls.stream()
                .map(text ->
                    switch (EngineUrl.parse(text)) {
                      case Parsed.Ok(EngineUrl url) -> url;
                      case Parsed.Bad(String reason) -> throw new AssertionError(reason);
                    })
                .toList());
  }

  @Override
  protected Streams streams(String cluster) {
    return streams(cluster, List.of("redis://127.0.0.1:" + redis.port()));
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void allKeysHaveThePrefixOfTheCluster() throws Exception {
    assertThat(redis.ask("SET", "fanfare:another-house:x", "theirs")).isEqualTo("OK");
    Streams a = node("house");
    var _ = result(a.append(FEED, text("one"), LIMITS, "key"));
    var _ = result(a.hold(FEED, "x", "1.1", new Streams.Position(EventId.NONE, ""), 60_000));
    var _ = result(a.leave(FEED, "x", EventId.NONE, 60_000));
    var _ = result(a.seen(FEED, Map.of("x", EventId.NONE), 60_000));
    assertThat(redis.ask("KEYS", "*").lines())
        .containsExactlyInAnyOrder(
            "fanfare:another-house:x",
            "fanfare:house:origin",
            "fanfare:house:{1/feed-7}:s",
            "fanfare:house:{1/feed-7}:l",
            "fanfare:house:{1/feed-7}:k:key",
            "fanfare:house:{1/feed-7}:h:x",
            "fanfare:house:{1/feed-7}:w:x",
            "fanfare:house:{1/feed-7}:c");
    assertThat(redis.ask("GET", "fanfare:another-house:x")).isEqualTo("theirs");
  }

  /// Both lines of the documentation, with the password of the test.
  @Test
  void aUserNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    MarkdownPage page = MarkdownPage.read("docs/cluster.md");
    for (String begin : List.of("ACL SETUSER fanfare on", "ACL SETUSER fanfare ~")) {
      String line = page.code("", begin).strip().replace("CHANGE-ME", "rights-password");
      assertThat(redis.ask(line.split(" "))).as(line).isEqualTo("OK");
    }
    String url = "redis://fanfare:rights-password@127.0.0.1:" + redis.port();
    try (Streams a = streams("house", List.of(url))) {
      a.open(new IgnoringListener());
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
      assertThat(result(a.append(FEED, text("one"), LIMITS, "key")).isRepeated()).isFalse();
      Streams.Position position = new Streams.Position(EventId.NONE, "1.1");
      var _ = result(a.hold(FEED, "x", "1.1", position, 60_000));
      assertThat(result(a.claim(FEED, "x", "1.2", 60_000))).isEqualTo(position);
      for (int i = 0; i < Streams.MAX_READERS + 2; i++) {
        var _ = result(a.leave(FEED, "x", new EventId(i, 0), 60_000));
        var _ = result(a.seen(FEED, Map.of("x" + i, EventId.NONE), 60_000));
      }
      assertThat(result(a.oldest(FEED, "x"))).isEqualTo(new EventId(0, 0));
      assertThat(result(a.cursors(FEED))).hasSize(Streams.MAX_READERS);
      var _ = result(a.forgetReaders(FEED));
      assertThat(result(a.cursors(FEED))).isEmpty();
      assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, true))).isNotEmpty();
      assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, false))).isNotEmpty();
      assertThat(result(a.purge(FEED))).isPositive();
    }
  }

  @Test
  void everythingExpires() throws Exception {
    Streams a = node("house");
    var _ = result(a.append(FEED, text("one"), LIMITS, "key"));
    var _ = result(a.hold(FEED, "x", "1.1", new Streams.Position(EventId.NONE, ""), 60_000));
    var _ = result(a.leave(FEED, "x", EventId.NONE, 60_000));
    var _ = result(a.seen(FEED, Map.of("x", EventId.NONE), 60_000));
    List<String> keys = redis.ask("KEYS", "fanfare:house:{*").lines().toList();
    assertThat(keys).hasSize(6);
    for (String key : keys) {
      assertThat(Long.parseLong(redis.ask("PTTL", key))).as(key).isBetween(1L, 720_000L);
    }
  }

  @Test
  void entriesThatAreTooOldAreDropped() throws Exception {
    Streams a = node("house");
    Streams.Limits brief = new Streams.Limits(1_000, 1, 720_000);
    for (int i = 0; i < 1_000; i++) {
      var _ = result(a.append(FEED, text("one"), brief, null));
    }
    assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 1_000, true)).size())
        .isLessThan(300);
  }

  @Test
  void scriptsThatRedisHasForgottenAreSentAgain() throws Exception {
    Streams a = node("house");
    var _ = result(a.append(FEED, text("one"), LIMITS, null));
    assertThat(redis.ask("SCRIPT", "FLUSH")).isEqualTo("OK");
    assertThat(result(a.append(FEED, text("two"), LIMITS, null)).isRepeated()).isFalse();
    assertThat(result(a.range(FEED, EventId.NONE, Streams.END, 9, true))).hasSize(2);
  }

  @Test
  void anEngineThatHasLostItsDataHasAnotherOrigin() throws Exception {
    Streams a = node("house");
    EventId before = result(a.origin());
    assertThat(redis.ask("FLUSHALL")).isEqualTo("OK");
    await()
        .atMost(PATIENCE_SECONDS, TimeUnit.SECONDS)
        .ignoreExceptions()
        .until(() -> a.origin().toCompletableFuture().join().compareTo(before) > 0);
  }

  @Test
  void anEngineThatStandsStillIsGivenUpAndFoundAgain() throws Exception {
    try (RedisProcess own = RedisProcess.start(folder);
        Streams a = streams("house", List.of("redis://127.0.0.1:" + own.port()))) {
      a.open(new IgnoringListener());
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
      own.process().pause();
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !isUsable(a));
      own.process().resume();
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
    }
  }

  private static final class IgnoringListener implements Streams.Listener {
    @Override
    public void onAvailable() {}

    @Override
    public void onUnavailable(String reason) {}
  }

  private static boolean isUsable(Streams streams) {
    try {
      var _ =
          streams
              .append(FEED, text("x"), LIMITS, null)
              .toCompletableFuture()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException | CompletionException e) {
      assertThat(e).hasCauseInstanceOf(StreamsUnavailable.class);
      return false;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aRedisClusterKeepsEachChannelInOnePlace() throws Exception {
    try (RedisClusterOfThree cluster = RedisClusterOfThree.start(folder);
        Streams a = streams("house", cluster.urls().subList(0, 1));
        Streams b = streams("house", cluster.urls().reversed())) {
      for (Streams each : List.of(a, b)) {
        each.open(new IgnoringListener());
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(each));
      }
      for (int i = 0; i < 30; i++) {
        ChannelKey key = new ChannelKey("1", "feed-of-many-" + i);
        Streams.Appended one = result(a.append(key, text("one"), LIMITS, "key"));
        Streams.Appended two = result(b.append(key, text("two"), LIMITS, null));
        assertThat(two.previous()).isEqualTo(one.id());
        assertThat(result(a.range(key, EventId.NONE, Streams.END, 9, true))).hasSize(2);
        assertThat(result(b.purge(key))).isEqualTo(2L);
      }
      assertThat(result(a.origin())).isEqualTo(result(b.origin()));
      for (RedisProcess node : cluster.nodes()) {
        assertThat(Integer.parseInt(node.ask("DBSIZE"))).as("keys of a node").isPositive();
      }
    }
  }

  @Test
  void withoutAConnectionCallsFailAtOnce() {
    try (Streams a = streams("house", List.of("redis://127.0.0.1:1"))) {
      assertThat(
              Stream.of(
                      a.append(FEED, text("x"), LIMITS, null),
                      a.origin(),
                      a.cursors(FEED),
                      a.range(FEED, EventId.NONE, Streams.END, 1, true))
                  .map(stage -> stage.toCompletableFuture().isCompletedExceptionally()))
          .containsOnly(true);
    }
  }
}
