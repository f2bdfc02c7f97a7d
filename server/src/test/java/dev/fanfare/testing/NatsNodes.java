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

/// A NATS with JetStream and processes that environment variables make the nodes of one cluster on
/// it.
public final class NatsNodes implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int LIFE_SECONDS = 600;

  private final NatsProcess nats;
  private final List<RunningServer> nodes = new ArrayList<>();

  private NatsNodes(NatsProcess nats) {
    this.nats = nats;
  }

  /// Starts them and waits until they know each other.
  ///
  /// @param folder for what NATS keeps
  /// @param app of all nodes
  /// @param variables of all nodes, beside those of app and cluster
  public static NatsNodes start(Path folder, int count, App app, Map<String, String> variables)
      throws IOException {
    String store = folder.resolve("store").toString();
    NatsNodes all = new NatsNodes(NatsProcess.start(folder, "-js", "-sd", store));
    try {
      for (int i = 0; i < count; i++) {
        Map<String, String> each = new HashMap<>(variables);
        each.putAll(variables(app, all.url(), Character.toString('a' + i)));
        all.nodes.add(RunningServer.start(LIFE_SECONDS, "", each));
      }
      all.awaitJoined();
      return all;
    } catch (IOException | RuntimeException | Error e) {
      all.close();
      throw e;
    }
  }

  /// Those of app and cluster.
  public static Map<String, String> variables(App app, String url, String node) {
    return Map.of(
        "FANFARE_APP_ID",
        app.id(),
        "FANFARE_APP_KEY",
        app.key(),
        "FANFARE_APP_SECRET",
        app.secret().reveal(),
        "FANFARE_CLUSTER_BUS",
        "nats",
        "FANFARE_CLUSTER_NATS_URLS",
        url,
        "FANFARE_CLUSTER_NODE",
        node);
  }

  public String url() {
    return "nats://127.0.0.1:" + nats.port();
  }

  public NatsProcess nats() {
    return nats;
  }

  public RunningServer node(int index) {
    return nodes.get(index);
  }

  /// True if `/ready` of a node notes that history is not kept.
  public boolean isHistoryAway(int index) throws IOException {
    return RedisNodes.isHistoryAway(node(index));
  }

  /// Waits until each node has the state of all others.
  public void awaitJoined() {
    for (RunningServer node : nodes) {
      await().atMost(PATIENCE).until(() -> RedisNodes.isJoined(node, nodes.size() - 1));
    }
  }

  @Override
  public void close() {
    nodes.forEach(RunningServer::close);
    nats.close();
  }
}
