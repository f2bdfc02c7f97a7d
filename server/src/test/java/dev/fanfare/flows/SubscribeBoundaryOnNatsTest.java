package dev.fanfare.flows;

import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.NatsProcess;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.RunningServer;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on NATS.
@Tag("one-node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SubscribeBoundaryOnNatsTest extends BoundaryContract {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int LIFE_SECONDS = 600;

  /// What is closed at the end, in reverse.
  private final List<AutoCloseable> started = new ArrayList<>();

  private final List<RunningServer> nodes = new ArrayList<>();

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    NatsProcess nats = NatsProcess.start(folder);
    started.add(nats);
    for (String name : List.of("a", "b")) {
      RunningServer node = start(name, nats);
      started.add(node);
      nodes.add(node);
    }
    for (RunningServer node : nodes) {
      await().atMost(PATIENCE).until(() -> RedisNodes.isJoined(node, 1));
    }
  }

  private static RunningServer start(String name, NatsProcess nats) throws IOException {
    App app = TestNode.APP;
    return RunningServer.start(
        LIFE_SECONDS,
        "",
        Map.of(
            "FANFARE_APP_ID",
            app.id(),
            "FANFARE_APP_KEY",
            app.key(),
            "FANFARE_APP_SECRET",
            app.secret().reveal(),
            "FANFARE_CLUSTER_BUS",
            "nats",
            "FANFARE_CLUSTER_NATS_URLS",
            "nats://127.0.0.1:" + nats.port(),
            "FANFARE_CLUSTER_NODE",
            name));
  }

  @AfterAll
  void stop() throws Exception {
    for (AutoCloseable each : started.reversed()) {
      each.close();
    }
  }

  @Override
  int port(int node) {
    return nodes.get(node).port();
  }
}
