package dev.fanfare.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.app.Secret;
import dev.fanfare.protocol.Limits;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.PostgresProcess;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.SqlProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two nodes on a real Redis whose apps are in one real database.
final class AppsOfNodesTest {

  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int LIFE_SECONDS = 300;
  private static final App APP =
      new App("1", "first", new Secret("a-secret"), AppOptions.DEFAULTS, Limits.HOSTED);

  @TempDir Path folder;

  private Process start(String name, PostgresProcess postgres, RedisProcess redis)
      throws IOException {
    Map<String, String> variables = new HashMap<>();
    variables.put("FANFARE_APPS_FROM", postgres.kind());
    variables.put("FANFARE_DATABASE_FORM", "soketi");
    variables.put("FANFARE_DATABASE_PORT", String.valueOf(postgres.port()));
    variables.put("FANFARE_DATABASE_PASSWORD", SqlProcess.PASSWORD);
    variables.put("FANFARE_WEBHOOKS_DATA_DIR", folder.resolve(name).toString());
    variables.put("FANFARE_CLUSTER_BUS", "redis");
    variables.put("FANFARE_CLUSTER_REDIS_URLS", "redis://127.0.0.1:" + redis.port());
    variables.put("FANFARE_CLUSTER_NODE", name);
    return ServerProcess.start(LIFE_SECONDS, variables);
  }

  private static void awaitReady(int port) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          try (RawHttp http = new RawHttp(port, PATIENCE)) {
            return http.send(RawHttp.request("GET", "/ready", "")).next().body().equals("OK");
          }
        });
  }

  private static int publish(int port) throws IOException {
    try (Api api = new Api(port, APP)) {
      return api.post("/events", "{\"name\":\"e\",\"channels\":[\"c\"],\"data\":\"d\"}")
          .statusCode();
    }
  }

  @Test
  void allNodesServeAndFollowTheAppsOfOneTable() throws Exception {
    try (PostgresProcess postgres = PostgresProcess.start(folder);
        RedisProcess redis = RedisProcess.start(folder)) {
      SoketiTable table = new SoketiTable(postgres);
      table.create();
      table.insert(APP.id(), APP.key(), APP.secret().reveal());
      Process one = start("a", postgres, redis);
      Process other = start("b", postgres, redis);
      try {
        int here = ServerProcess.port(one);
        int there = ServerProcess.port(other);
        awaitReady(here);
        awaitReady(there);
        try (RawSocket client = ServerProcess.connect(there, APP.key())) {
          client.patience(PATIENCE);
          client.subscribe("c");
          client.nextTextContaining("subscription_succeeded");
          assertThat(publish(here)).isEqualTo(200);
          client.nextTextContaining("\"event\":\"e\"");

          table.set("1", "secret = 'another-secret'");
          for (int port : new int[] {here, there}) {
            await().atMost(PATIENCE).until(() -> publish(port) == 401);
          }
          table.set("1", "secret = '" + APP.secret().reveal() + "'");
          await().atMost(PATIENCE).until(() -> publish(here) == 200);
          client.nextTextContaining("\"event\":\"e\"");

          table.delete("1");
          assertThat(client.nextClose().closeCode()).isEqualTo(4001);
          await().atMost(PATIENCE).until(() -> publish(here) == 404);
        }
      } finally {
        one.destroyForcibly();
        other.destroyForcibly();
      }
    }
  }
}
