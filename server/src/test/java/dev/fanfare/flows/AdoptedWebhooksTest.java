package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.RawHttp;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
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

/// A process is killed with webhooks in its file that no receiver has accepted, and is started
/// again: before or after the other node has adopted them, they are delivered once.
@Tag("one-node")
final class AdoptedWebhooksTest {

  private static final App APP = TestNode.APP;
  private static final int CHANNELS = 16;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private final Receiver receiver = new Receiver().always(Manner.IS_BUSY);
  private final List<RawSocket> sockets = new ArrayList<>();

  AdoptedWebhooksTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    for (RawSocket socket : sockets) {
      socket.close();
    }
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
            Map.entry("FANFARE_WEBHOOKS_HOLD_BACK_SECONDS", "0")));
  }

  private static void awaitNodes(RunningServer server, String state) {
    await()
        .atMost(PATIENCE)
        .until(() -> {
          try (RawHttp http = new RawHttp(server.metricsPort())) {
            return http.send(RawHttp.request("GET", "/metrics", ""))
                .next()
                .body()
                .contains("fanfare_cluster_nodes{state=\"" + state + "\"} 1");
          }
        });
  }

  private static int pending(RunningServer server) {
    return PendingWebhooks.count(server.port(), APP);
  }

  /// Both nodes have tried again, a second or more later, so each knows what the other one has.
  private void awaitRetries() {
    var _ = receiver.all();
    for (int i = 0; i < 3; i++) {
      var _ = receiver.next();
    }
  }

  private static void kill(RunningServer server) throws IOException {
    Process kill = new ProcessBuilder("kill", "-KILL", String.valueOf(server.pid())).start();
    assertThat(kill.onExit().join().exitValue()).isZero();
  }

  /// A user joins every channel and stays. Returns what that reports.
  private List<String> joinAll(RunningServer server) throws IOException {
    RawSocket socket = ServerProcess.connect(server.port(), APP.key());
    sockets.add(socket);
    socket.patience(PATIENCE);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      socket.subscribePresence(APP, "presence-" + i, "{\"user_id\":\"u\"}");
      socket.nextTextContaining("subscription_succeeded");
      all.add("channel_occupied presence-" + i);
      all.add("member_added presence-" + i + " u");
    }
    return all;
  }

  /// Both nodes deliver what they have, which is each event once.
  private void expectOnce(List<String> all, RunningServer first, RunningServer second) {
    receiver.always(Manner.TAKES);
    await().atMost(PATIENCE).until(() -> pending(first) == 0 && pending(second) == 0);
    List<String> delivered = new ArrayList<>();
    for (Taken request : receiver.all()) {
      if (request.manner() == Manner.TAKES) {
        delivered.addAll(request.events());
      }
    }
    assertThat(delivered).containsExactlyInAnyOrderElementsOf(all);
  }

  @Test
  void whatWasAdoptedIsNotDeliveredAgainAfterTheRestart() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder);
        RunningServer stays = start("b", redis.port())) {
      List<String> all = new ArrayList<>();
      try (RunningServer killed = start("a", redis.port())) {
        awaitNodes(stays, "up");
        awaitNodes(killed, "up");
        all.addAll(joinAll(stays));
        await().atMost(PATIENCE).until(() -> pending(stays) + pending(killed) == all.size());
        awaitRetries();
        assertThat(pending(killed)).isPositive();
        kill(killed);
      }
      await().atMost(PATIENCE).until(() -> pending(stays) == all.size());
      try (RunningServer back = start("a", redis.port())) {
        awaitNodes(back, "up");
        expectOnce(all, stays, back);
      }
    }
  }

  @Test
  void whatANodeBringsBackWithinTheLeaseIsNotAdopted() throws IOException {
    try (RedisProcess redis = RedisProcess.start(folder);
        RunningServer stays = start("b", redis.port())) {
      List<String> all = new ArrayList<>();
      int own;
      try (RunningServer killed = start("a", redis.port())) {
        awaitNodes(stays, "up");
        awaitNodes(killed, "up");
        all.addAll(joinAll(stays));
        await().atMost(PATIENCE).until(() -> pending(stays) + pending(killed) == all.size());
        awaitRetries();
        own = pending(stays);
        kill(killed);
      }
      try (RunningServer back = start("a", redis.port())) {
        awaitNodes(back, "up");
        awaitNodes(stays, "gone");
        expectOnce(all, stays, back);
        assertThat(own).isLessThan(all.size());
      }
    }
  }
}
