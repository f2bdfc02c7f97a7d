package dev.fanfare.testing;

import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A Redis and processes that environment variables make the nodes of one cluster on it.
public final class RedisNodes implements EngineNodes {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int LIFE_SECONDS = 600;

  private final RedisProcess redis;
  private final List<RunningServer> nodes = new ArrayList<>();

  private RedisNodes(RedisProcess redis) {
    this.redis = redis;
  }

  /// Starts them and waits until they know each other.
  ///
  /// @param folder for what Redis writes
  /// @param app of all nodes
  /// @param variables of all nodes, beside those of app and cluster
  public static RedisNodes start(Path folder, int count, App app, Map<String, String> variables)
      throws IOException {
    RedisNodes all = new RedisNodes(RedisProcess.start(folder));
    try {
      for (int i = 0; i < count; i++) {
        Map<String, String> each = new HashMap<>(variables);
        each.put("FANFARE_APP_ID", app.id());
        each.put("FANFARE_APP_KEY", app.key());
        each.put("FANFARE_APP_SECRET", app.secret().reveal());
        each.put("FANFARE_CLUSTER_BUS", "redis");
        each.put("FANFARE_CLUSTER_REDIS_URLS", "redis://127.0.0.1:" + all.redis.port());
        each.put("FANFARE_CLUSTER_NODE", Character.toString('a' + i));
        all.nodes.add(RunningServer.start(LIFE_SECONDS, "", each));
      }
      all.awaitJoined();
      return all;
    } catch (IOException | RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  public RedisProcess redis() {
    return redis;
  }

  @Override
  public EngineProcess engine() {
    return redis.process();
  }

  @Override
  public boolean hasConfirmed(App app, String channel, String reader, String id)
      throws IOException {
    String[] parts = id.split("-", 2);
    String padded = "%019d-%019d ".formatted(Long.parseLong(parts[0]), Long.parseLong(parts[1]));
    String key = "fanfare:fanfare:{" + app.id() + "/" + channel + "}:c";
    return redis.ask("HGET", key, reader).startsWith(padded);
  }

  /// True if `/ready` of a node notes that something is wrong.
  public boolean isDegraded(int index) throws IOException {
    return get(node(index).port(), "/ready").contains("degraded");
  }

  static boolean isHistoryAway(RunningServer node) throws IOException {
    return get(node.port(), "/ready").contains("degraded: history is not kept");
  }

  @Override
  public RunningServer node(int index) {
    return nodes.get(index);
  }

  @Override
  public void awaitJoined() {
    for (RunningServer node : nodes) {
      await().atMost(PATIENCE).until(() -> isJoined(node, nodes.size() - 1));
    }
  }

  /// True if the node is ready without a note, and counts so many others as up.
  public static boolean isJoined(RunningServer node, int others) throws IOException {
    return get(node.port(), "/ready").equals("OK")
        && get(node.metricsPort(), "/metrics")
            .contains("fanfare_cluster_nodes{state=\"up\"} " + others);
  }

  private static String get(int port, String path) throws IOException {
    try (RawHttp http = new RawHttp(port, PATIENCE)) {
      return http.send(RawHttp.request("GET", path, "")).next().body();
    }
  }

  @Override
  public void close() {
    nodes.forEach(RunningServer::close);
    redis.close();
  }
}
