package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.webhook.outbox.Outbox;
import dev.fanfare.webhook.outbox.Outboxes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;

/// Two nodes of one cluster behind HAProxy, which gives every connection to the node that did not
/// get the last one. With `-Dfanfare.nodes=2` tests get them wherever they ask for a [TestNode].
///
/// Nodes follow each other within milliseconds, so what was decided on one is not known on the
/// other at once. [#settle] waits until it is; the helpers call it before they send anything.
final class BalancedNodes implements AutoCloseable {

  /// True if tests run on two nodes.
  static final boolean ARE_USED = Integer.getInteger("fanfare.nodes", 1) == 2;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final Set<BalancedNodes> RUNNING = ConcurrentHashMap.newKeySet();

  private final FanfareServer first;
  private final FanfareServer second;
  private final MarkedBus firstBus;
  private final MarkedBus secondBus;
  private final Haproxy balancer;

  private BalancedNodes(
      FanfareServer first,
      FanfareServer second,
      MarkedBus firstBus,
      MarkedBus secondBus,
      Haproxy balancer) {
    this.first = first;
    this.second = second;
    this.firstBus = firstBus;
    this.secondBus = secondBus;
    this.balancer = balancer;
  }

  /// Starts them.
  ///
  /// @param outbox of the first; the other has one in memory
  static BalancedNodes start(
      PartOptions options,
      FanfareServer.Clocks clocks,
      ServerListener observer,
      Outbox outbox,
      List<App> apps)
      throws IOException {
    MemoryWire.Engine engine = new MemoryWire.Engine();
    MarkedBus firstBus = bus(engine, "a");
    MarkedBus secondBus = bus(engine, "b");
    Outbox other = Outboxes.inMemory(options.webhooks().maxDeadLetters());
    FanfareServer first = FanfareServer.start(options, apps, clocks, observer, outbox, firstBus);
    firstBus.cluster().start(first.readiness(), List.of());
    FanfareServer second = FanfareServer.start(options, apps, clocks, observer, other, secondBus);
    secondBus.cluster().start(second.readiness(), List.of());
    awaitJoined(first, firstBus);
    awaitJoined(second, secondBus);
    Path folder = Files.createTempDirectory("fanfare-balancer");
    Haproxy balancer = Haproxy.start(folder, first.port(), second.port());
    BalancedNodes nodes = new BalancedNodes(first, second, firstBus, secondBus, balancer);
    RUNNING.add(nodes);
    return nodes;
  }

  private static MarkedBus bus(MemoryWire.Engine engine, String name) {
    return new MarkedBus(ClusterNodes.make(engine.wire("test"), name));
  }

  private static void awaitJoined(FanfareServer server, MarkedBus bus) {
    Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          ClusterState state = bus.cluster().state();
          return state != null
              && state.mesh().count(Standing.UP) == 1
              && server.readiness().reasons().isEmpty();
        });
  }

  /// Waits until each of two nodes that run knows what the other has decided. Nothing if tests run
  /// on one node.
  static void settle() {
    for (BalancedNodes nodes : RUNNING) {
      nodes.firstBus.awaitAppliedBy(nodes.secondBus);
      nodes.secondBus.awaitAppliedBy(nodes.firstBus);
    }
  }

  FanfareServer first() {
    return first;
  }

  int port() {
    return balancer.port();
  }

  @Override
  public void close() {
    RUNNING.remove(this);
    balancer.close();
    first.close();
    second.close();
  }
}
