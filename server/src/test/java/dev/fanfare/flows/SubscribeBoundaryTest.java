package dev.fanfare.flows;

import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/// Two nodes of one process on an engine in memory.
@Tag("one-node")
final class SubscribeBoundaryTest extends BoundaryContract {

  private final TestCluster cluster = TestCluster.start(2, TestNode.APP);

  @AfterEach
  void stop() {
    cluster.close();
  }

  @Override
  int port(int node) {
    return cluster.node(node).port();
  }
}
