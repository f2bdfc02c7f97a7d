package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import java.util.List;

/// One server, or several that are nodes of one cluster. With more than one, what is published on
/// the last reaches the clients of the first only over the bus.
public final class TestNodes implements AutoCloseable {

  private final TestNode first;
  private final TestNode last;
  private final Runnable close;

  private TestNodes(TestNode first, TestNode last, Runnable close) {
    this.first = first;
    this.last = last;
    this.close = close;
  }

  public static TestNodes start(int count, App... apps) {
    return start(count, FanfareServer.Clocks.SYSTEM, apps);
  }

  /// Starts `count` nodes, which know each other.
  ///
  /// @param clocks of all of them
  public static TestNodes start(int count, FanfareServer.Clocks clocks, App... apps) {
    if (count == 1) {
      TestNode single = TestNode.start(clocks, apps);
      return new TestNodes(single, single, single::close);
    }
    TestCluster cluster = TestCluster.start(TestNode.PARTS, clocks, count, apps);
    return new TestNodes(cluster.node(0), cluster.node(count - 1), cluster::close);
  }

  /// Starts `count` nodes on a bus in memory, without the protocol between nodes.
  ///
  /// @param clocks of all of them
  public static TestNodes startOnMemoryBus(int count, FanfareServer.Clocks clocks, App... apps) {
    List<TestNode> nodes =
        MemoryBus.join(count).stream().map(bus -> TestNode.start(bus, clocks, apps)).toList();
    return new TestNodes(nodes.getFirst(), nodes.getLast(), () -> nodes.forEach(TestNode::close));
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
    close.run();
  }
}
