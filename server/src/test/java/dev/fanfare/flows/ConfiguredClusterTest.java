package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that environment variables join over a real Redis or NATS are one server.
@Tag("one-node")
final class ConfiguredClusterTest {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String SECRET = "00112233445566778899aabbccddeeff".repeat(2);

  @TempDir private Path folder;

  private static RunningServer start(String node, String bus, int port) throws IOException {
    String urls = "FANFARE_CLUSTER_" + bus.toUpperCase(Locale.ROOT) + "_URLS";
    return start(
        node,
        Map.of(
            "FANFARE_CLUSTER_BUS",
            bus,
            urls,
            bus + "://127.0.0.1:" + port,
            "FANFARE_CLUSTER_NAME",
            "house",
            "FANFARE_CLUSTER_SECRET",
            SECRET));
  }

  private static RunningServer start(String node, Map<String, String> cluster) throws IOException {
    Map<String, String> variables = new HashMap<>(cluster);
    variables.put("FANFARE_APP_ID", APP.id());
    variables.put("FANFARE_APP_KEY", APP.key());
    variables.put("FANFARE_APP_SECRET", APP.secret().reveal());
    variables.put("FANFARE_CLUSTER_NODE", node);
    return RunningServer.start("", variables);
  }

  @Test
  void twoProcessesOnRedisAreOneServer() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder);
        RunningServer first = start("a", "redis", redis.port());
        RunningServer second = start("b", "redis", redis.port())) {
      areOne(List.of(first, second));
      assertThat(redis.ask("KEYS", "*")).as("what is stored in Redis").isEmpty();
    }
  }

  @Test
  void twoProcessesOnNatsAreOneServer() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder);
        RunningServer first = start("a", "nats", nats.port());
        RunningServer second = start("b", "nats", nats.port())) {
      areOne(List.of(first, second));
    }
  }

  @Test
  void theVariablesOfSoketiAndOfReverbJoinProcesses() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      String port = String.valueOf(redis.port());
      Map<String, String> soketi =
          Map.of("SOKETI_ADAPTER_DRIVER", "redis", "SOKETI_DB_REDIS_PORT", port);
      Map<String, String> reverb =
          Map.of("REVERB_SCALING_ENABLED", "true", "REDIS_URL", "tcp://127.0.0.1:" + port + "/0");
      try (RunningServer first = start("a", soketi);
          RunningServer second = start("b", reverb)) {
        areOne(List.of(first, second));
      }
    }
  }

  private static void areOne(List<RunningServer> servers) throws IOException {
    int here = servers.getFirst().port();
    int there = servers.getLast().port();
    for (RunningServer server : servers) {
      await().atMost(PATIENCE).until(() -> isJoined(server));
    }
    try (RawSocket anna = ServerProcess.connect(here, APP.key());
        RawSocket ben = ServerProcess.connect(there, APP.key());
        Api api = new Api(there, APP)) {
      anna.patience(PATIENCE);
      ben.patience(PATIENCE);
      join(anna, "anna");
      await().atMost(PATIENCE).until(() -> users(api).contains("anna"));
      assertThat(join(ben, "ben")).contains("anna", "ben", "\\\"count\\\":2");
      assertThat(anna.nextTextContaining("pusher_internal:member_")).contains("_added", "ben");
      api.publish("presence-room", "a", "from the other process");
      assertThat(anna.nextTextContaining("\"event\":\"a\"")).contains("from the other process");
      assertThat(users(api)).contains("anna", "ben");
    }
  }

  private static String join(RawSocket socket, String user) throws IOException {
    socket.subscribePresence(APP, "presence-room", "{\"user_id\":\"" + user + "\"}");
    return socket.nextTextContaining("subscription_succeeded");
  }

  private static String users(Api api) throws IOException {
    return api.get("/channels/presence-room/users", "").body();
  }

  /// Ready without a note, and the metrics count the other node as up.
  private static boolean isJoined(RunningServer server) throws IOException {
    return get(server.port(), "/ready").equals("OK")
        && get(server.metricsPort(), "/metrics").contains("fanfare_cluster_nodes{state=\"up\"} 1");
  }

  private static String get(int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(port)) {
      return http.send(RawHttp.request("GET", path, "")).next().body();
    }
  }
}
