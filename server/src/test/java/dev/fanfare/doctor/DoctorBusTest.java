package dev.fanfare.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ClosedPort;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.Programs;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fanfare doctor --bus` against real engines: it names what keeps nodes apart.
final class DoctorBusTest {

  private static final int LIFE_SECONDS = 120;
  private static final String ACL =
      "resetkeys resetchannels &fanfare:fanfare:* -@all +subscribe +unsubscribe +ping";

  @TempDir private Path folder;

  /// What the command prints, and its exit code in the last line.
  private static String examine(Map<String, String> variables) throws IOException {
    Map<String, String> all = new HashMap<>(variables);
    all.put("FANFARE_APPS", "my-key:my-secret@1");
    Process process =
        ServerProcess.command(LIFE_SECONDS, all, "doctor", "--bus", "--timeout", "20s");
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return output.replaceAll("\\s+", " ") + "exit " + Programs.waitFor(process);
  }

  private static Map<String, String> redis(String url) {
    return Map.of("FANFARE_CLUSTER_BUS", "redis", "FANFARE_CLUSTER_REDIS_URLS", url);
  }

  private static Map<String, String> nats(String url) {
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
            .contains("ms of 20 datagrams")
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
          .contains("2 more steps skipped")
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
  void anEngineThatDoesNotListen() throws IOException {
    try (ClosedPort port = new ClosedPort()) {
      assertThat(examine(redis("redis://127.0.0.1:" + port.number())))
          .contains("FAIL TCP 127.0.0.1:" + port.number())
          .contains("Start the engine")
          .contains("3 more steps skipped")
          .endsWith("exit 1");
    }
  }

  @Test
  void natsAndItsRights() throws IOException {
    try (NatsProcess nats = NatsProcess.start(folder, "--user", "u", "--pass", "right-password")) {
      String host = "@127.0.0.1:" + nats.port();
      assertThat(examine(nats("nats://u:right-password" + host)))
          .contains("ok login logged in and subscribed")
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
