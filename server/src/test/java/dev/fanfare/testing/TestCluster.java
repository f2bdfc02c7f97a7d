package dev.fanfare.testing;

import dev.fanfare.app.App;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.loop.Cluster;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.webhook.outbox.Outboxes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/// Real servers with the same apps that are nodes of one cluster, joined by an engine in memory.
public final class TestCluster implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final MemoryWire.Engine engine = new MemoryWire.Engine();
  private final List<Part> parts = new ArrayList<>();
  private final Set<Integer> stopped = ConcurrentHashMap.newKeySet();
  private final PartOptions options;
  private final FanfareServer.Clocks clocks;
  private final App[] apps;

  private record Part(TestNode node, Cluster cluster, Wire wire) {}

  private TestCluster(PartOptions options, FanfareServer.Clocks clocks, App... apps) {
    this.options = options;
    this.clocks = clocks;
    this.apps = apps;
  }

  /// That many nodes, which know each other.
  public static TestCluster start(int nodes, App... apps) {
    return start(TestNode.PARTS, FanfareServer.Clocks.SYSTEM, nodes, apps);
  }

  /// That many nodes with these options, which know each other.
  ///
  /// @param clocks of the nodes; between them, time is real
  public static TestCluster start(
      PartOptions options, FanfareServer.Clocks clocks, int nodes, App... apps) {
    TestCluster cluster = new TestCluster(options, clocks, apps);
    for (int i = 0; i < nodes; i++) {
      cluster.add();
    }
    cluster.awaitJoined();
    return cluster;
  }

  /// Starts another node.
  public TestNode add() {
    Wire wire = engine.wire("test");
    Cluster cluster = ClusterNodes.make(wire, "node-" + (char) ('a' + parts.size()));
    TestNode node =
        TestNode.start(
            options,
            clocks,
            ServerListener.NONE,
            Outboxes.inMemory(options.webhooks().maxDeadLetters()),
            cluster,
            apps);
    parts.add(new Part(node, cluster, wire));
    return node;
  }

  /// What joins the nodes.
  public MemoryWire.Engine engine() {
    return engine;
  }

  public TestNode node(int index) {
    return parts.get(index).node();
  }

  /// The cluster as a node sees it.
  public ClusterState state(int index) {
    ClusterState state = parts.get(index).cluster().state();
    if (state == null) {
      throw new IllegalStateException("not started");
    }
    return state;
  }

  /// Waits until a node sees that.
  public void await(int index, Predicate<ClusterState> condition) {
    Awaitility.await().atMost(PATIENCE).until(() -> state(index), condition);
  }

  /// Waits until every node has the state of all others and is ready.
  public void awaitJoined() {
    for (int i = 0; i < parts.size(); i++) {
      await(i, state -> state.mesh().count(Standing.UP) == parts.size() - 1 - stopped.size());
      TestNode node = node(i);
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> node.server().readiness().reasons().isEmpty());
    }
  }

  /// Waits until other nodes keep so many pending webhook events, should their node be killed.
  public void awaitKeptWebhooks(int events) {
    Awaitility.await()
        .atMost(PATIENCE)
        .until(() ->
            parts.stream().mapToInt(part -> part.node().server().keptWebhooks()).sum() == events);
  }

  /// Shuts a node down in good order. Blocks.
  public void shutDown(int index, DrainOptions drain) {
    stopped.add(index);
    node(index).server().close(drain);
  }

  /// From now on the node neither sends nor receives, as if its process were killed; its clients
  /// stay connected.
  public void cut(int index) {
    engine.cut(parts.get(index).wire());
  }

  /// Ends [#cut].
  public void mend(int index) {
    engine.mend(parts.get(index).wire());
  }

  @Override
  public void close() {
    for (int i = 0; i < parts.size(); i++) {
      if (!stopped.contains(i)) {
        node(i).close();
      }
    }
  }
}
