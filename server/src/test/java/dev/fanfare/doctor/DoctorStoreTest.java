package dev.fanfare.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.MarkdownPage;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.RedisProcess;
import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.api.DiscardPolicy;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `fanfare doctor --bus` against real engines that let nodes keep history, or do not.
final class DoctorStoreTest {

  @TempDir private Path folder;

  private static String examine(Map<String, String> engine) throws IOException {
    Map<String, String> all = new HashMap<>(engine);
    all.put("FANFARE_APP_ID", "1");
    all.put("FANFARE_APP_KEY", "my-key");
    all.put("FANFARE_APP_SECRET", "my-secret");
    all.put("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "feed-");
    return DoctorBusTest.examine(all);
  }

  /// A user with the rights of the documentation: the first line, and the second one if asked for.
  private static String user(RedisProcess redis, boolean withHistory, String... more)
      throws IOException {
    MarkdownPage page = MarkdownPage.read("docs/cluster.md");
    String line = page.code("", "ACL SETUSER fanfare on").replace("fanfare on", "fanfare reset on");
    String history = page.code("", "ACL SETUSER fanfare ~").replace("ACL SETUSER fanfare", "");
    String rights = line.strip() + (withHistory ? history : "") + " " + String.join(" ", more);
    String named = rights.replace("fanfare:house:", "fanfare:fanfare:");
    assertThat(redis.ask(named.replace("CHANGE-ME", "rights-password").strip().split("\\s+")))
        .isEqualTo("OK");
    return "redis://fanfare:rights-password@127.0.0.1:" + redis.port();
  }

  @Test
  void aRedisThatKeepsEverything() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      String url = "redis://127.0.0.1:" + redis.port();
      assertThat(examine(DoctorBusTest.redis(url)))
          .contains("ok history history can be kept; nothing is evicted")
          .contains("ok keys idempotency keys hold on all nodes")
          .endsWith("exit 0");
      assertThat(redis.ask("CONFIG", "SET", "maxmemory-policy", "allkeys-lru")).isEqualTo("OK");
      assertThat(examine(DoctorBusTest.redis(url)))
          .contains(
              "warn history history can be kept; maxmemory-policy is allkeys-lru: Redis would")
          .contains("CONFIG SET maxmemory-policy noeviction")
          .endsWith("exit 0");
      assertThat(redis.ask("CONFIG", "SET", "maxmemory", "200mb")).isEqualTo("OK");
      assertThat(examine(DoctorBusTest.redis(url)))
          .contains("allkeys-lru: Redis drops history when its memory is used up");
      for (String key : redis.ask("KEYS", "*").lines().toList()) {
        if (!key.equals("fanfare:fanfare:origin")) {
          assertThat(Long.parseLong(redis.ask("PTTL", key))).as(key).isBetween(1L, 120_000L);
        }
      }
    }
  }

  @Test
  void rightsThatTheUserOfRedisLacks() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      assertThat(examine(DoctorBusTest.redis(user(redis, true))))
          .contains("ok history history can be kept; the user may not read maxmemory-policy")
          .contains("ok keys")
          .endsWith("exit 0");
      assertThat(examine(DoctorBusTest.redis(user(redis, false))))
          .contains("FAIL history connecting: NOPERM")
          .contains("'cluster|nodes'")
          .contains("~fanfare:fanfare:* +cluster|nodes +script|load +eval +evalsha")
          .contains("keys idempotency keys hold on one node only")
          .endsWith("exit 1");
      for (String right : new String[] {"xadd", "zadd"}) {
        assertThat(examine(DoctorBusTest.redis(user(redis, true, "-" + right))))
            .as(right)
            .contains("FAIL history ")
            .contains(right.equals("xadd") ? "an event: " : "a position: ")
            .contains("can't run this command")
            .contains("Give the user these rights, too: ~fanfare:fanfare:*")
            .endsWith("exit 1");
      }
      String other = "~fanfare:another:*";
      assertThat(examine(DoctorBusTest.redis(user(redis, true, "resetkeys", other))))
          .contains("FAIL history ")
          .containsIgnoringCase("NOPERM")
          .contains("key")
          .endsWith("exit 1");
    }
  }

  @Test
  void aRedisThatTakesNoWrites() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      String url = "redis://127.0.0.1:" + redis.port();
      assertThat(redis.ask("CONFIG", "SET", "min-replicas-to-write", "1")).isEqualTo("OK");
      assertThat(examine(DoctorBusTest.redis(url)))
          .contains("FAIL history connecting: NOREPLICAS")
          .contains("Redis refuses all writes")
          .endsWith("exit 1");
      assertThat(redis.ask("CONFIG", "SET", "min-replicas-to-write", "0")).isEqualTo("OK");
      assertThat(redis.ask("CONFIG", "SET", "maxmemory", "1")).isEqualTo("OK");
      assertThat(examine(DoctorBusTest.redis(url)))
          .contains("FAIL history ")
          .contains("OOM")
          .contains("Give the engine more memory")
          .endsWith("exit 1");
    }
  }

  private NatsProcess nats(String configuration) throws IOException {
    Path file = Files.createTempFile(folder, "nats", ".conf");
    Files.writeString(file, configuration.replace("STORE", folder.resolve("store").toString()));
    return NatsProcess.start(folder, "-c", file.toString());
  }

  @Test
  void natsWithAndWithoutJetStream() throws Exception {
    try (NatsProcess plain = NatsProcess.start(folder)) {
      String url = "nats://127.0.0.1:" + plain.port();
      assertThat(examine(DoctorBusTest.nats(url)))
          .contains("FAIL history connecting: the NATS at " + url + " has no JetStream")
          .contains("Start nats-server with -js")
          .contains("keys idempotency keys hold on one node only")
          .endsWith("exit 1");
    }
    try (NatsProcess nats = nats("jetstream: {store_dir: \"STORE\"}")) {
      String url = "nats://127.0.0.1:" + nats.port();
      assertThat(examine(DoctorBusTest.nats(url)))
          .contains("ok history history can be kept; the stream FANFARE_fanfare has 1 copy;")
          .contains("the account has no limit of storage")
          .contains("ok keys idempotency keys hold on all nodes")
          .endsWith("exit 0");
      Connection connection = Nats.connect(url);
      try {
        boolean _ = connection.jetStreamManagement().deleteStream("FANFARE_fanfare");
        var _ =
            connection
                .jetStreamManagement()
                .addStream(
                    StreamConfiguration.builder()
                        .name("FANFARE_fanfare")
                        .subjects("fanfare.fanfare.h.>")
                        .storageType(StorageType.Memory)
                        .discardPolicy(DiscardPolicy.New)
                        .maxMessages(1_000)
                        .build());
      } finally {
        connection.close();
      }
      assertThat(examine(DoctorBusTest.nats(url)))
          .contains("warn history history can be kept; the stream FANFARE_fanfare is in memory")
          .contains("refuses new events once it is full")
          .contains("Set its discard policy to old.")
          .endsWith("exit 0");
    }
  }

  @Test
  void limitsAndRightsOfNats() throws IOException {
    String rights =
        MarkdownPage.read("docs/cluster.md")
            .code("", "$JS.API")
            .replace("CHANGE-ME", "rights-password")
            .replace("house", "fanfare");
    String js = "jetstream: {store_dir: \"STORE\"}\n";
    try (NatsProcess nats = nats(js + rights)) {
      String url = "nats://fanfare:rights-password@127.0.0.1:" + nats.port();
      assertThat(examine(DoctorBusTest.nats(url)))
          .contains("ok history history can be kept; the stream FANFARE_fanfare has 1 copy;")
          .contains("the user may not read the limits of its account")
          .contains("ok keys")
          .endsWith("exit 0");
    }
    String lacking = rights.replace("$JS.API.STREAM.*.FANFARE_fanfare", "x");
    try (NatsProcess nats = nats(js + lacking)) {
      String url = "nats://fanfare:rights-password@127.0.0.1:" + nats.port();
      assertThat(examine(DoctorBusTest.nats(url)))
          .contains("FAIL history connecting: ")
          .containsIgnoringCase("permissions violation")
          .contains("$KV.fanfare_fanfare.>")
          .endsWith("exit 1");
    }
    String accounts =
        """
        accounts: {
          HOUSE: {jetstream: {max_file: 100MB, max_streams: 1}, users: [{user: u, password: x}]}
        }
        """;
    try (NatsProcess nats = nats(js + accounts)) {
      assertThat(examine(DoctorBusTest.nats("nats://u:x@127.0.0.1:" + nats.port())))
          .contains("FAIL history connecting: ")
          .contains("maximum number of streams reached")
          .contains("raise the limits of the account")
          .endsWith("exit 1");
    }
    try (NatsProcess nats = nats(js + accounts.replace(", max_streams: 1", ""))) {
      assertThat(examine(DoctorBusTest.nats("nats://u:x@127.0.0.1:" + nats.port())))
          .contains("the account uses 0 of 100 MiB")
          .endsWith("exit 0");
    }
  }
}
