package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.Secret;
import dev.fanfare.bus.ClusterOptions;
import dev.fanfare.bus.EngineOptions;
import dev.fanfare.bus.EngineUrl;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes, made from options as the command does, on a real engine that is killed and comes back
/// empty.
@Tag("one-node")
final class EngineOutageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int EVENTS = 20;

  @TempDir private Path folder;

  @Test
  void redis() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      survives(EngineOptions.Kind.REDIS, "redis://127.0.0.1:" + redis.port(), redis.process());
    }
  }

  @Test
  void nats() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder)) {
      survives(EngineOptions.Kind.NATS, "nats://127.0.0.1:" + nats.port(), nats.process());
    }
  }

  private static PartOptions options(EngineOptions.Kind kind, String url, String node) {
    EngineUrl parsed = ((Parsed.Ok<EngineUrl>) EngineUrl.parse(url)).value();
    ClusterOptions cluster =
        ClusterOptions.OFF
            .withEngine(EngineOptions.NONE.withKind(kind).withUrls(List.of(parsed)))
            .withSecret(new Secret("00112233445566778899aabbccddeeff".repeat(2)))
            .withNode(node);
    return TestNode.PARTS.withCluster(cluster);
  }

  private static void survives(EngineOptions.Kind kind, String url, EngineProcess engine)
      throws IOException {
    try (TestNode first = TestNode.startWith(options(kind, url, "a"));
        TestNode second = TestNode.startWith(options(kind, url, "b"));
        RawSocket here = first.connect();
        RawSocket there = second.connect();
        Api api = new Api(first);
        Api apiThere = new Api(second)) {
      awaitJoined(first);
      awaitJoined(second);
      for (RawSocket socket : List.of(here, there)) {
        socket.patience(PATIENCE);
        socket.subscribe("news");
        socket.nextTextContaining("subscription_succeeded");
      }
      api.publish("news", "a", "before");
      assertThat(nextEvent(there)).contains("before");
      engine.kill();
      await().atMost(PATIENCE).until(() -> isDegraded(first) && isDegraded(second));
      for (int i = 0; i < EVENTS; i++) {
        api.publish("news", "a", "number " + i + ".");
      }
      engine.restart();
      for (int i = 0; i < EVENTS; i++) {
        assertThat(nextEvent(there)).contains("number " + i + ".");
      }
      apiThere.publish("news", "a", "after");
      assertThat(here.nextTextContaining("after")).contains("news");
      await().atMost(PATIENCE).until(() -> !isDegraded(first) && !isDegraded(second));
    }
  }

  private static String nextEvent(RawSocket socket) throws IOException {
    return socket.nextTextContaining("\"event\":\"a\"");
  }

  private static void awaitJoined(TestNode node) {
    FanfareServer server = node.server();
    await()
        .atMost(PATIENCE)
        .until(() -> server.readiness().reasons().isEmpty() && !isDegraded(node));
  }

  private static boolean isDegraded(TestNode node) {
    return !node.server().readiness().notes().isEmpty();
  }
}
