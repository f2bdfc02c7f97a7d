package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import java.util.List;

/// One or more real servers with the same apps on one bus. With more than one, whoever publishes on
/// the last reaches the clients of the first only over the bus.
public final class TestNodes implements AutoCloseable {

  private final List<TestNode> nodes;

  private TestNodes(List<TestNode> nodes) {
    this.nodes = nodes;
  }

  public static TestNodes start(int count, App... apps) {
    return start(count, FanfareServer.Clocks.SYSTEM, apps);
  }

  /// Starts `count` nodes on one bus.
  ///
  /// @param clocks of all of them
  public static TestNodes start(int count, FanfareServer.Clocks clocks, App... apps) {
    return new TestNodes(
        MemoryBus.join(count).stream().map(bus -> TestNode.start(bus, clocks, apps)).toList());
  }

  public TestNode first() {
    return nodes.getFirst();
  }

  /// The same as the first, if there is only one.
  public TestNode last() {
    return nodes.getLast();
  }

  @Override
  public void close() {
    nodes.forEach(TestNode::close);
  }
}
