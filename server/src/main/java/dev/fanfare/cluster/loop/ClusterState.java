package dev.fanfare.cluster.loop;

import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.NodesViewBuilder;
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

  /// A node that has sent so many beats has been running for at least two minutes.
  private static final long ELDER_BEATS = 600;

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
    List<Long> known = new ArrayList<>();
    List<Long> joining = new ArrayList<>();
    known.add(life);
    if (!isDraining) {
      coordinators.add(life);
    }
    boolean hasElders = false;
    int missing = 0;
    long silentNs = 0;
    for (PeerState peer : mesh.peers()) {
      Standing standing = peer.standing();
      boolean isOfCluster = standing != Standing.GONE && standing != Standing.FOREIGN;
      if (isOfCluster) {
        known.add(peer.life());
        hasElders |= peer.beats() > ELDER_BEATS;
      }
      if (standing == Standing.JOINING) {
        joining.add(peer.life());
      }
      if ((standing == Standing.UP || standing == Standing.ABSENT) && !peer.isDraining()) {
        coordinators.add(peer.life());
      }
      if (isOfCluster && (!isHearing() || standing != Standing.UP)) {
        missing++;
        silentNs = Math.max(silentNs, peer.silentNs());
      }
    }
    return NodesViewBuilder.builder()
        .self(life)
        .coordinators(coordinators)
        .known(known)
        .joining(joining)
        .hasElders(hasElders)
        .isSettled(mesh.isSettled())
        .isHearing(isHearing())
        .missing(missing)
        .missingSinceNs(nowNs - silentNs)
        .build();
  }
}
