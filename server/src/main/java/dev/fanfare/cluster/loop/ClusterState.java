package dev.fanfare.cluster.loop;

import dev.fanfare.bus.NodesView;
import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.MeshState.Standing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cluster as this node sees it at one moment, for `/ready`, metrics and the log. Immutable.
///
/// @param mesh what the protocol between the nodes knows
/// @param engine the connection to the engine
public record ClusterState(MeshState mesh, EngineState engine) {

  /// Where the newest state is read. Any thread.
  @FunctionalInterface
  public interface Source {

    /// The newest state; null until the node has started.
    @Nullable ClusterState newest();
  }

  /// True if this node hears itself through the engine.
  public boolean isHearing() {
    return engine.wasReached() && mesh.deafNs() == 0;
  }

  /// What the parts of this node need to know about the others.
  ///
  /// @param life of this node
  /// @param isDraining this node is shutting down
  public NodesView view(long life, boolean isDraining, long nowNs) {
    List<Long> coordinators = new ArrayList<>();
    if (!isDraining) {
      coordinators.add(life);
    }
    int missing = 0;
    long silentNs = 0;
    for (PeerState peer : mesh.peers()) {
      if (peer.standing() == Standing.UP && !peer.isDraining()) {
        coordinators.add(peer.life());
      }
      boolean isOfCluster = peer.standing() != Standing.GONE && peer.standing() != Standing.FOREIGN;
      if (isOfCluster && (!isHearing() || peer.standing() != Standing.UP)) {
        missing++;
        silentNs = Math.max(silentNs, peer.silentNs());
      }
    }
    return new NodesView(life, coordinators, missing, nowNs - silentNs);
  }
}
