package dev.fanfare.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.RequestKeys;
import dev.fanfare.http.once.RequestKeysContract;
import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Idempotency keys in one Redis.
final class RedisKeysTest extends RequestKeysContract {

  private static final byte[] ONE = "one".getBytes(UTF_8);

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

  private static RequestKeys keys(String cluster, List<String> urls) {
    return new RedisKeys(RedisStreamsTest.options(cluster, urls));
  }

  @Override
  protected RequestKeys keys(String cluster) {
    return keys(cluster, List.of("redis://127.0.0.1:" + redis.port()));
  }

  @Test
  void allKeysHaveThePrefixOfTheClusterAndExpire() throws Exception {
    RequestKeys a = node("house");
    assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
    assertThat(result(a.settle("1:x", "order-2", ONE, ONE, LONG_MS))).isTrue();
    assertThat(redis.ask("KEYS", "*").lines())
        .containsExactlyInAnyOrder(
            "fanfare:house:once:1:order-1", "fanfare:house:once:1%3Ax:order-2");
    for (String key : redis.ask("KEYS", "*").lines().toList()) {
      assertThat(Long.parseLong(redis.ask("PTTL", key))).as(key).isBetween(1L, LONG_MS);
    }
  }

  /// The rights for history are enough.
  @Test
  void aUserNeedsOnlyTheRightsOfTheDocumentation() throws Exception {
    MarkdownPage page = MarkdownPage.read("docs/cluster.md");
    for (String begin : List.of("ACL SETUSER fanfare on", "ACL SETUSER fanfare ~")) {
      String line = page.code("", begin).strip().replace("CHANGE-ME", "rights-password");
      assertThat(redis.ask(line.split(" "))).as(line).isEqualTo("OK");
    }
    String url = "redis://fanfare:rights-password@127.0.0.1:" + redis.port();
    try (RequestKeys a = keys("house", List.of(url))) {
      open(a);
      assertThat(result(a.claim("1", "order-1", ONE, LONG_MS))).isNull();
      assertThat(result(a.settle("1", "order-1", ONE, ONE, LONG_MS))).isTrue();
      assertThat(result(a.abandon("1", "order-1", ONE))).isTrue();
    }
  }

  @Test
  void aUserWithoutTheRightsIsNamed() throws Exception {
    String line = MarkdownPage.read("docs/cluster.md").code("", "ACL SETUSER fanfare on").strip();
    String bare = line.replace("fanfare on", "bare on").replace("CHANGE-ME", "rights-password");
    assertThat(redis.ask(bare.split(" "))).isEqualTo("OK");
    String url = "redis://bare:rights-password@127.0.0.1:" + redis.port();
    try (RequestKeys a = keys("house", List.of(url))) {
      open(a);
      assertThat(a.claim("1", "order-1", ONE, LONG_MS).toCompletableFuture())
          .failsWithin(PATIENCE_SECONDS, TimeUnit.SECONDS)
          .withThrowableThat()
          .withMessageContaining("NOPERM");
    }
  }

  @Test
  void anEngineThatStandsStillIsGivenUpAndFoundAgain() throws Exception {
    try (RedisProcess own = RedisProcess.start(folder);
        RequestKeys a = keys("house", List.of("redis://127.0.0.1:" + own.port()))) {
      open(a);
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
      own.process().pause();
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> !isUsable(a));
      own.process().resume();
      await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(a));
    }
  }

  private static boolean isUsable(RequestKeys keys) throws Exception {
    try {
      var _ =
          keys.claim("1", "order-9", ONE, LONG_MS)
              .toCompletableFuture()
              .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException e) {
      return false;
    }
  }

  @Test
  void aRedisClusterSpreadsThem() throws Exception {
    try (RedisClusterOfThree cluster = RedisClusterOfThree.start(folder);
        RequestKeys a = keys("house", cluster.urls().subList(0, 1));
        RequestKeys b = keys("house", cluster.urls().reversed())) {
      for (RequestKeys each : List.of(a, b)) {
        open(each);
        await().atMost(PATIENCE_SECONDS, TimeUnit.SECONDS).until(() -> isUsable(each));
      }
      for (int i = 0; i < 30; i++) {
        String key = "order-of-many-" + i;
        assertThat(result(a.claim("1", key, ONE, LONG_MS))).isNull();
        assertThat(result(a.settle("1", key, ONE, "D".getBytes(UTF_8), LONG_MS))).isTrue();
        assertThat(result(b.claim("1", key, ONE, LONG_MS))).isEqualTo("D".getBytes(UTF_8));
      }
      for (RedisProcess node : cluster.nodes()) {
        assertThat(Integer.parseInt(node.ask("DBSIZE"))).as("keys of a node").isPositive();
      }
    }
  }
}
