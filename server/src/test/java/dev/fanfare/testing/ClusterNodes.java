package dev.fanfare.testing;

import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.loop.Cluster;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/// Buses of nodes without a server, joined by an engine in memory.
public final class ClusterNodes {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();

  private ClusterNodes() {}

  /// That many buses, which are started and know each other.
  public static List<Cluster> join(int count) {
    MemoryWire.Engine engine = new MemoryWire.Engine();
    List<Cluster> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(make(engine.wire("test"), "node-" + i));
    }
    nodes.forEach(node -> node.start(new Readiness(), List.of()));
    awaitJoined(nodes);
    return nodes;
  }

  /// A bus that is not started.
  public static Cluster make(Wire wire, String name) {
    return new Cluster(
        MeshOptions.defaults("test", name, "1"),
        RANDOM.nextLong(1, Long.MAX_VALUE),
        false,
        wire,
        NanoClock.SYSTEM);
  }

  /// Waits until each node has the state of all others.
  public static void awaitJoined(List<Cluster> nodes) {
    for (Cluster node : nodes) {
      Awaitility.await()
          .atMost(PATIENCE)
          .until(() -> {
            ClusterState state = node.state();
            return state != null && state.mesh().count(Standing.UP) == nodes.size() - 1;
          });
    }
  }
}
