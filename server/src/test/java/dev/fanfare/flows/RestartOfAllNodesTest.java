package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.RedisProcess;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.ServerProcess;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// All nodes are killed at once and started again: the files say what webhooks have reported.
@Tag("one-node")
final class RestartOfAllNodesTest {

  private static final App APP = TestNode.APP;
  private static final int CHANNELS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final Receiver receiver = new Receiver();

  RestartOfAllNodesTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private RunningServer start(String node, int redisPort) throws IOException {
    return RunningServer.start(
        "",
        Map.ofEntries(
            Map.entry("FANFARE_CLUSTER_BUS", "redis"),
            Map.entry("FANFARE_CLUSTER_REDIS_URLS", "redis://127.0.0.1:" + redisPort),
            Map.entry("FANFARE_CLUSTER_NODE", node),
            Map.entry("FANFARE_APP_ID", APP.id()),
            Map.entry("FANFARE_APP_KEY", APP.key()),
            Map.entry("FANFARE_APP_SECRET", APP.secret().reveal()),
            Map.entry("FANFARE_APP_WEBHOOKS_0_URL", receiver.url()),
            Map.entry("FANFARE_WEBHOOKS_DATA_DIR", folder.resolve(node).toString()),
            Map.entry("FANFARE_WEBHOOKS_HOLD_BACK_SECONDS", "0"),
            Map.entry("FANFARE_WEBHOOKS_RESTART_HOLD_BACK_SECONDS", "1")));
  }

  private RawSocket join(RunningServer server, String user) throws IOException {
    RawSocket socket = ServerProcess.connect(server.port(), APP.key());
    socket.patience(PATIENCE);
    for (int i = 0; i < CHANNELS; i++) {
      socket.subscribePresence(APP, "presence-" + i, "{\"user_id\":\"" + user + "\"}");
      socket.nextTextContaining("subscription_succeeded");
    }
    return socket;
  }

  /// The next webhooks are these, about every channel, in any order. An arrival may be sent twice:
  /// the file of a killed process does not say that it was delivered.
  private void expect(boolean isArrival, String... events) {
    List<String> expected = new ArrayList<>();
    for (String event : events) {
      for (int i = 0; i < CHANNELS; i++) {
        expected.add(event.replace("*", "presence-" + i));
      }
    }
    List<String> reported = new ArrayList<>();
    while (reported.size() < expected.size()) {
      String event = receiver.nextEvent();
      if (isArrival || !(event.contains("_added") || event.contains("_occupied"))) {
        reported.add(event);
      }
    }
    assertThat(reported).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static void kill(RunningServer server) throws IOException {
    Process kill = new ProcessBuilder("kill", "-KILL", String.valueOf(server.pid())).start();
    assertThat(kill.onExit().join().exitValue()).isZero();
  }

  /// Waits until the server counts the other one as up.
  private static void awaitJoined(RunningServer server) {
    await().atMost(PATIENCE).until(() -> isJoined(server));
  }

  private static boolean isJoined(RunningServer server) throws IOException {
    try (RawHttp http = new RawHttp(server.metricsPort())) {
      return http.send(RawHttp.request("GET", "/metrics", ""))
          .next()
          .body()
          .contains("fanfare_cluster_nodes{state=\"up\"} 1");
    }
  }

  private static boolean knows(Api api, String user) throws IOException {
    String path = "/channels/presence-" + (CHANNELS - 1) + "/users";
    return api.get(path, "").body().contains(user);
  }

  /// About half of the channels are coordinated by each of the two nodes.
  @Test
  void whatDidNotComeBackIsReported() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder)) {
      try (RunningServer first = start("a", redis.port());
          RunningServer second = start("b", redis.port());
          Api api = new Api(second.port(), APP)) {
        awaitJoined(first);
        awaitJoined(second);
        try (RawSocket _ = join(first, "anna")) {
          await().atMost(PATIENCE).until(() -> knows(api, "anna"));
          RawSocket ben = join(second, "ben");
          expect(true, "channel_occupied *", "member_added * anna", "member_added * ben");
          kill(first);
          kill(second);
          ben.close();
        }
      }
      try (RunningServer _ = start("a", redis.port());
          RunningServer _ = start("b", redis.port())) {
        expect(false, "member_removed * anna", "member_removed * ben", "channel_vacated *");
      }
    }
  }
}
