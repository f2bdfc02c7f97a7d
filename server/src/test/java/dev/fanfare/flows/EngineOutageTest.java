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
import dev.fanfare.testing.Relay;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes, made from options as the command does, on a real engine that is killed and comes back
/// empty, stands still, is cut off without an end of the connections, or is replaced by another.
@Tag("one-node")
final class EngineOutageTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int EVENTS = 20;

  /// What happens to the engine.
  private interface Step {
    void run() throws IOException;
  }

  /// @param isNoticed it lasts until both nodes say so; otherwise it may be over before
  private record Outage(Step begin, boolean isNoticed, Step end) {

    static Outage killed(EngineProcess engine) {
      return new Outage(engine::kill, true, engine::restart);
    }

    static Outage stopped(EngineProcess engine) {
      return new Outage(engine::pause, true, engine::resume);
    }

    static Outage silent(Relay relay) {
      return new Outage(relay::silence, true, relay::restore);
    }
  }

  @TempDir private Path folder;

  @Test
  void redis() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      survives(redisUrl(redis.port()), Outage.killed(redis.process()));
    }
  }

  @Test
  void nats() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder)) {
      survives(natsUrl(nats.port()), Outage.killed(nats.process()));
    }
  }

  @Test
  void redisThatStandsStill() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      survives(redisUrl(redis.port()), Outage.stopped(redis.process()));
    }
  }

  @Test
  void natsThatStandsStill() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder)) {
      survives(natsUrl(nats.port()), Outage.stopped(nats.process()));
    }
  }

  /// No FIN and no RST: nothing but the silence says that the connections are dead.
  @Test
  void redisBehindACutLine() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder);
        Relay relay = new Relay(redis.port())) {
      survives(redisUrl(relay.port()), Outage.silent(relay));
    }
  }

  @Test
  void natsBehindACutLine() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder);
        Relay relay = new Relay(nats.port())) {
      survives(natsUrl(relay.port()), Outage.silent(relay));
    }
  }

  @Test
  void sentinelPromotesAReplica() throws IOException {
    try (RedisProcess master = RedisProcess.start(folder);
        RedisProcess replica =
            RedisProcess.start(folder, "--replicaof", "127.0.0.1 " + master.port())) {
      await()
          .atMost(PATIENCE)
          .until(() -> replica.ask("INFO", "replication").contains("master_link_status:up"));
      try (RedisProcess sentinel = RedisProcess.startSentinel(folder, master.port())) {
        await().atMost(PATIENCE).until(() -> sentinel.ask("INFO", "sentinel").contains("slaves=1"));
        Step promotion =
            () ->
                await()
                    .atMost(PATIENCE)
                    .until(() -> replica.ask("INFO", "replication").contains("role:master"));
        survives(
            "redis-sentinel://127.0.0.1:" + sentinel.port() + "/house",
            new Outage(master.process()::kill, false, promotion));
      }
    }
  }

  private static String redisUrl(int port) {
    return "redis://127.0.0.1:" + port;
  }

  private static String natsUrl(int port) {
    return "nats://127.0.0.1:" + port;
  }

  private static PartOptions options(String url, String node) {
    EngineUrl parsed = ((Parsed.Ok<EngineUrl>) EngineUrl.parse(url)).value();
    EngineOptions.Kind kind =
        url.startsWith("nats") ? EngineOptions.Kind.NATS : EngineOptions.Kind.REDIS;
    ClusterOptions cluster =
        ClusterOptions.OFF
            .withEngine(EngineOptions.NONE.withKind(kind).withUrls(List.of(parsed)))
            .withSecret(new Secret("00112233445566778899aabbccddeeff".repeat(2)))
            .withNode(node);
    return TestNode.PARTS.withCluster(cluster);
  }

  private static void survives(String url, Outage outage) throws IOException {
    try (TestNode first = TestNode.startWith(options(url, "a"));
        TestNode second = TestNode.startWith(options(url, "b"));
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
      assertThat(nextEvent(there, "a")).contains("before");
      outage.begin().run();
      publish(api, "a", 0);
      publish(apiThere, "b", 0);
      if (outage.isNoticed()) {
        await().atMost(PATIENCE).until(() -> isDegraded(first) && isDegraded(second));
      }
      publish(api, "a", EVENTS);
      publish(apiThere, "b", EVENTS);
      outage.end().run();
      publish(api, "a", 2 * EVENTS);
      publish(apiThere, "b", 2 * EVENTS);
      for (int i = 0; i < 3 * EVENTS; i++) {
        assertThat(nextEvent(there, "a")).contains("number " + i + ".");
        assertThat(nextEvent(here, "b")).contains("number " + i + ".");
      }
      await().atMost(PATIENCE).until(() -> !isDegraded(first) && !isDegraded(second));
      api.publish("news", "a", "after");
      apiThere.publish("news", "b", "after");
      assertThat(nextEvent(there, "a")).contains("after");
      assertThat(nextEvent(here, "b")).contains("after");
    }
  }

  private static void publish(Api api, String event, int from) throws IOException {
    for (int i = from; i < from + EVENTS; i++) {
      api.publish("news", event, "number " + i + ".");
    }
  }

  private static String nextEvent(RawSocket socket, String event) throws IOException {
    return socket.nextTextContaining("\"event\":\"" + event + "\"");
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
