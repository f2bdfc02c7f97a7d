package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.util.ArrayList;
import java.util.List;

/// Real servers of one JVM with the same apps, joined by a bus in memory.
public final class MemoryNodes implements AutoCloseable {

  private static final PartOptions PARTS =
      TestNode.PARTS.withWebhooks(WebhookOptions.DEFAULTS.withHoldBackSeconds(0));

  private final List<MemoryBus> buses;
  private final List<TestNode> nodes;
  private final List<TestNode> running;

  private MemoryNodes(List<MemoryBus> buses, List<TestNode> nodes) {
    this.buses = buses;
    this.nodes = nodes;
    this.running = new ArrayList<>(nodes);
  }

  /// Starts `count` nodes on one bus.
  ///
  /// @param clocks of all of them
  public static MemoryNodes start(int count, FanfareServer.Clocks clocks, App... apps) {
    List<MemoryBus> buses = MemoryBus.join(count);
    return new MemoryNodes(
        buses,
        buses.stream()
            .map(bus ->
                TestNode.start(PARTS, clocks, ServerListener.NONE, Outboxes.inMemory(1), bus, apps))
            .toList());
  }

  public TestNode get(int index) {
    return nodes.get(index);
  }

  /// Shuts one node down.
  public void stop(int index) {
    nodes.get(index).close();
    running.remove(nodes.get(index));
  }

  /// Waits until every node knows what has been decided on the others.
  public void settle() {
    buses.forEach(MemoryBus::settle);
  }

  @Override
  public void close() {
    running.forEach(TestNode::close);
  }
}
