package dev.fanfare.flows;

import static org.awaitility.Awaitility.await;

import dev.fanfare.testing.EngineProcess;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Users join and leave at three processes on Redis, also while Redis is stopped, and while it is
/// killed and empty afterwards. A client of each process observes them.
@Tag("one-node")
final class PresenceHistoryOnRedisTest {

  private static final int NODES = 3;
  private static final int STAYS = 3;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// Longer than an outage of the test, on a busy machine too.
  private static final long STALE_NS = TimeUnit.SECONDS.toNanos(60);

  @TempDir private Path folder;

  @Test
  void whatClientsLearnIsExplained() throws IOException {
    try (RedisNodes nodes = RedisNodes.start(folder, NODES, TestNode.APP, Map.of());
        PresenceVisits visits = new PresenceVisits(NODES, node -> nodes.node(node).port())) {
      for (int node = 0; node < NODES; node++) {
        visits.observe(node);
      }
      EngineProcess redis = nodes.redis().process();
      visits.visit(STAYS, false);
      redis.pause();
      visits.visit(STAYS, false);
      awaitDegraded(nodes);
      visits.visit(STAYS, false);
      redis.resume();
      visits.visit(STAYS, false);
      redis.kill();
      visits.visit(STAYS, false);
      awaitDegraded(nodes);
      visits.visit(STAYS, false);
      redis.restart();
      visits.visit(STAYS, false);
      nodes.awaitJoined();
      visits.check(STALE_NS, 0);
    }
  }

  private static void awaitDegraded(RedisNodes nodes) {
    for (int node = 0; node < NODES; node++) {
      int number = node;
      await().atMost(PATIENCE).until(() -> nodes.isDegraded(number));
    }
  }
}
