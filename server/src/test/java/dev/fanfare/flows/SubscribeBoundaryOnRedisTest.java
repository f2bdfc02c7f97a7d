package dev.fanfare.flows;

import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Two processes on Redis.
@Tag("one-node")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class SubscribeBoundaryOnRedisTest extends BoundaryContract {

  private RedisNodes nodes;

  @BeforeAll
  void start(@TempDir Path folder) throws IOException {
    nodes = RedisNodes.start(folder, 2, TestNode.APP, Map.of());
  }

  @AfterAll
  void stop() {
    nodes.close();
  }

  @Override
  int port(int node) {
    return nodes.node(node).port();
  }
}
