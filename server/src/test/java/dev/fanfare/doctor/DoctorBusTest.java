package dev.fanfare.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fanfare doctor --bus` against real engines: it names what keeps nodes apart.
final class DoctorBusTest {

  private static final int LIFE_SECONDS = 120;
  private static final String ACL =
      "resetkeys resetchannels &fanfare:fanfare:* -@all +subscribe +unsubscribe +ping";

  @TempDir private Path folder;

  /// What the command prints, and its exit code in the last line.
  static String examine(Map<String, String> variables, String... more) throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    if (!variables.containsKey("FANFARE_APP_ID")) {
      all.put("FANFARE_APPS", "my-key:my-secret@1");
    }
    List<String> words = new ArrayList<>(List.of("doctor", "--bus"));
    if (!List.of(more).contains("--timeout")) {
      words.addAll(List.of("--timeout", "20s"));
    }
    words.addAll(List.of(more));
    Process process = ServerProcess.command(LIFE_SECONDS, all, words.toArray(String[]::new));
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.replaceAll("\\s+", " ") + "exit " + Programs.waitFor(process);
  }

  static Map<String, String> redis(String url) {
    return Map.of("FANFARE_CLUSTER_BUS", "redis", "FANFARE_CLUSTER_REDIS_URLS", url);
  }

  static Map<String, String> nats(String url) {
    return Map.of("FANFARE_CLUSTER_BUS", "nats", "FANFARE_CLUSTER_NATS_URLS", url);
  }

  @Test
  void aNodeOnRedisIsHeard() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      Map<String, String> engine = redis("redis://127.0.0.1:" + redis.port());
      Map<String, String> node = new HashMap<>(engine);
      node.put("FANFARE_APPS", "my-key:my-secret@1");
      node.put("FANFARE_CLUSTER_NODE", "anna");
      try (RunningServer _ = RunningServer.start("", node)) {
        assertThat(examine(engine))
            .contains("ok names 127.0.0.1 is 127.0.0.1")
            .contains("ok login logged in to a master and subscribed")
            .contains("ok engine Redis 7.")
            .contains("; subscribers may have 32 MiB unsent, 8 MiB for 60 s")
            .contains("ms of 20 datagrams")
            .contains("history no app has rules for history")
            .contains("ok keys idempotency keys hold on all nodes")
            .contains("ok nodes 1 node: anna (")
            .doesNotContain("other apps")
            .endsWith("exit 0");
        Map<String, String> sealed = new HashMap<>(engine);
        sealed.put("FANFARE_CLUSTER_SECRET", "00112233445566778899aabbccddeeff".repeat(2));
        assertThat(examine(sealed))
            .contains("FAIL nodes")
            .contains("datagrams have another secret")
            .endsWith("exit 1");
      }
    }
  }

  @Test
  void aWrongPasswordOfRedis() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder, "--requirepass", "right-password")) {
      assertThat(examine(redis("redis://:wrong-password@127.0.0.1:" + redis.port())))
          .contains("FAIL login WRONGPASS")
          .contains("cluster.password")
          .contains("5 more steps skipped")
          .doesNotContain("wrong-password")
          .endsWith("exit 1");
    }
  }

  @Test
  void aMissingRightOfRedisIsNamed() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      String url = "redis://fanfare:rights-password@127.0.0.1:" + redis.port();
      setUser(redis, "+publish");
      assertThat(examine(redis(url)))
          .contains("FAIL login NOPERM")
          .contains("'role'")
          .contains("&fanfare:fanfare:* -@all +publish +subscribe +unsubscribe +ping +role");
      setUser(redis, "+role");
      assertThat(examine(redis(url)))
          .contains("engine the user may not read the version and the limits")
          .contains("FAIL round trip NOPERM")
          .contains("'publish'")
          .endsWith("exit 1");
    }
  }

  private static void setUser(RedisProcess redis, String right) throws IOException {
    String rights = "ACL SETUSER fanfare reset on >rights-password " + ACL + " " + right;
    assertThat(redis.ask(rights.split(" "))).isEqualTo("OK");
  }

  @Test
  void aSmallOutputBufferOfRedisIsNamed() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      String url = "redis://127.0.0.1:" + redis.port();
      assertThat(redis.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 1mb 300000 10"))
          .isEqualTo("OK");
      assertThat(examine(redis(url)))
          .contains("warn engine Redis 7.")
          .contains("subscribers may have 1 MiB unsent, 300000 bytes for 10 s: Redis would disc")
          .contains("CONFIG SET client-output-buffer-limit 'pubsub 32mb 8mb 60'")
          .endsWith("exit 0");
      assertThat(redis.ask("CONFIG", "SET", "client-output-buffer-limit", "pubsub 0 0 0"))
          .isEqualTo("OK");
      assertThat(examine(redis(url)))
          .contains("ok engine Redis 7.")
          .contains("subscribers may have any number of bytes unsent");
    }
  }

  @Test
  void twoNodesOfOneClusterAndOneOfNone() throws IOException {
    App app = TestNode.APP;
    try (RedisNodes nodes = RedisNodes.start(folder, 2, app, Map.of());
        RunningServer stranger =
            RunningServer.start(
                "",
                Map.of(
                    "FANFARE_APP_ID", app.id(),
                    "FANFARE_APP_KEY", app.key(),
                    "FANFARE_APP_SECRET", app.secret().reveal()))) {
      Map<String, String> engine = redis("redis://127.0.0.1:" + nodes.redis().port());
      String first = "ws://127.0.0.1:" + nodes.node(0).port();
      String second = "ws://127.0.0.1:" + nodes.node(1).port();
      String[] common = {
        "--key", app.key(), "--app-id", app.id(), "--secret", app.secret().reveal(), "--url", first
      };
      assertThat(examine(engine, with(common, "--url", second)))
          .contains("ok first URL " + first + ": a client can subscribe")
          .contains("ok second URL " + second + ": a client can subscribe")
          .contains("ok crossing an event got from " + first + " to " + second + " in ")
          .contains("; an event got from " + second + " to " + first + " in ")
          .doesNotContain(app.secret().reveal())
          .endsWith("exit 0");
      String alone = "ws://127.0.0.1:" + stranger.port();
      assertThat(examine(engine, with(common, "--url", alone, "--timeout", "8s")))
          .contains("FAIL crossing an event was accepted and did not get from " + first + " to ")
          .contains("The two are not nodes of one cluster")
          .endsWith("exit 1");
      try (ClosedPort closed = new ClosedPort()) {
        assertThat(examine(engine, with(common, "--url", "ws://127.0.0.1:" + closed.number())))
            .contains("FAIL second URL ws://127.0.0.1:" + closed.number() + ": ")
            .contains("crossing skipped, because a node cannot be used")
            .endsWith("exit 1");
      }
      assertThat(examine(engine, common))
          .contains("With --bus, give the --url of two nodes, or none.")
          .endsWith("exit 2");
    }
  }

  private static String[] with(String[] words, String... more) {
    return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void anEngineThatDoesNotListen() throws IOException {
    try (ClosedPort port = new ClosedPort()) {
      assertThat(examine(redis("redis://127.0.0.1:" + port.number())))
          .contains("FAIL TCP 127.0.0.1:" + port.number())
          .contains("Start the engine")
          .contains("6 more steps skipped")
          .endsWith("exit 1");
    }
  }

  @Test
  void natsAndItsRights() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder, "--user", "u", "--pass", "right-password")) {
      String host = "@127.0.0.1:" + nats.port();
      assertThat(examine(nats("nats://u:right-password" + host)))
          .contains("ok login logged in and subscribed")
          .contains("ok engine NATS 2.")
          .contains("warn nodes no other node was heard for 3 s")
          .endsWith("exit 0");
      assertThat(examine(nats("nats://u:wrong-password" + host)))
          .containsIgnoringCase("FAIL login")
          .containsIgnoringCase("authorization violation")
          .contains("cluster.password")
          .endsWith("exit 1");
    }
    Path file = folder.resolve("nats.conf");
    Files.writeString(
        file,
        """
        authorization {
          users = [{user: u, password: rights-password,
            permissions: {publish: "fanfare.other.>", subscribe: "fanfare.fanfare.>"}}]
        }
        """);
    try (NatsProcess nats = NatsProcess.start(folder, "-c", file.toString())) {
      assertThat(examine(nats("nats://u:rights-password@127.0.0.1:" + nats.port())))
          .containsIgnoringCase("permissions violation for publish")
          .contains("to publish and to subscribe to fanfare.fanfare.>")
          .endsWith("exit 1");
    }
  }

  @Test
  void withoutAnEngineThereIsNothingToExamine() throws IOException {
    assertThat(examine(Map.of())).contains("cluster.bus is none").endsWith("exit 2");
  }
}
