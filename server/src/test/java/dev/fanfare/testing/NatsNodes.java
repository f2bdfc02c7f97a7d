package dev.fanfare.testing;

import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.Nats;
import io.nats.client.api.MessageInfo;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A NATS with JetStream and processes that environment variables make the nodes of one cluster on
/// it.
public final class NatsNodes implements EngineNodes {

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

  @Override
  public EngineProcess engine() {
    return nats.process();
  }

  @Override
  public boolean hasConfirmed(App app, String channel, String reader, String id)
      throws IOException {
    String subject = "c." + app.id() + "." + channel + "._";
    String line = " " + id + " " + URLEncoder.encode(reader, StandardCharsets.UTF_8);
    return value(subject).lines().anyMatch(each -> each.endsWith(line));
  }

  /// What JetStream has of a client or channel; empty if it has nothing.
  ///
  /// @param key in the bucket
  public String value(String key) throws IOException {
    Connection connection = null;
    try {
      connection = Nats.connect(url());
      MessageInfo message =
          connection
              .jetStreamManagement()
              .getLastMessage("KV_fanfare_fanfare", "$KV.fanfare_fanfare." + key);
      return new String(message.getData(), StandardCharsets.UTF_8);
    } catch (JetStreamApiException e) {
      return ""; // none yet
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } finally {
      close(connection);
    }
  }

  private static void close(@Nullable Connection connection) throws IOException {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  @Override
  public RunningServer node(int index) {
    return nodes.get(index);
  }

  @Override
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
