package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import org.jspecify.annotations.Nullable;

/// One server, or several that are nodes of one cluster. With more than one, what is published on
/// the last reaches the clients of the first only over the bus.
public final class TestNodes implements AutoCloseable {

  private final TestNode first;
  private final TestNode last;
  private final @Nullable TestCluster cluster;

  private TestNodes(TestNode single) {
    this.first = single;
    this.last = single;
    this.cluster = null;
  }

  private TestNodes(TestCluster cluster, int count) {
    this.first = cluster.node(0);
    this.last = cluster.node(count - 1);
    this.cluster = cluster;
  }

  public static TestNodes start(int count, App... apps) {
    return start(count, FanfareServer.Clocks.SYSTEM, apps);
  }

  /// Starts `count` nodes, which know each other.
  ///
  /// @param clocks of all of them
  public static TestNodes start(int count, FanfareServer.Clocks clocks, App... apps) {
    return count == 1
        ? new TestNodes(TestNode.start(clocks, apps))
        : new TestNodes(TestCluster.start(TestNode.PARTS, clocks, count, apps), count);
  }

  public TestNode first() {
    return first;
  }

  /// The same as the first, if there is only one.
  public TestNode last() {
    return last;
  }

  @Override
  public void close() {
    if (cluster == null) {
      first.close();
    } else {
      cluster.close();
    }
  }
}
