package dev.fanfare.cluster.loop;

import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// Says in `/ready` what is wrong with the cluster. Only a node that has not joined yet, or that
/// cannot understand the others, asks load balancers to choose another: when the engine fails, it
/// fails for all nodes, and each of them still serves its own clients. Confined to the cluster's
/// thread.
///
/// @param isUnreadyWhenCutOff a node that the bus does not answer is not ready either
record ClusterHealth(Readiness readiness, boolean isUnreadyWhenCutOff) {

  void show(ClusterState state) {
    List<String> problems = problems(state);
    List<String> notes = notes(state);
    if (isUnreadyWhenCutOff && state.mesh().deafNs() > 0 && problems.isEmpty()) {
      problems = notes;
      notes = List.of();
    }
    if (problems.isEmpty()) {
      readiness.allow(Cause.CLUSTER);
    } else {
      readiness.discourage(Cause.CLUSTER, String.join("; ", problems));
    }
    readiness.note(Cause.CLUSTER, notes);
  }

  /// What makes this node unready, without a full stop.
  private static List<String> problems(ClusterState state) {
    EngineState engine = state.engine();
    if (!engine.wasReached()) {
      String reason = engine.problem().isEmpty() ? "still connecting" : engine.problem();
      return List.of(
          "The bus " + engine.address() + " has not been reached since the start: " + reason);
    }
    List<String> problems = new ArrayList<>();
    MeshState mesh = state.mesh();
    for (PeerState peer : mesh.peers()) {
      if (peer.isNewer()) {
        problems.add("Node " + peer.node() + " uses a newer version of the cluster's protocol");
      }
    }
    if (problems.isEmpty() && mesh.isJoining()) {
      int joining = mesh.count(Standing.JOINING);
      problems.add(
          joining == 0
              ? "Joining the cluster: listening for other nodes"
              : "Joining the cluster: "
                  + joining
                  + " of "
                  + mesh.peers().size()
                  + (joining == 1 ? " nodes has" : " nodes have")
                  + " not answered yet");
    }
    return problems;
  }

  /// What is wrong although this node is ready.
  private static List<String> notes(ClusterState state) {
    MeshState mesh = state.mesh();
    EngineState engine = state.engine();
    List<String> notes = new ArrayList<>();
    if (!engine.wasReached()) {
      return notes;
    }
    if (mesh.deafNs() > 0) {
      notes.add(
          "degraded: the bus "
              + engine.address()
              + " has not answered for "
              + seconds(mesh.deafNs())
              + (engine.problem().isEmpty() ? "" : " (" + engine.problem() + ")")
              + "; local delivery continues, "
              + waiting(mesh));
      return notes;
    }
    if (mesh.isHeardByNone()) {
      notes.add("degraded: the other nodes do not receive what this node sends; reconnecting");
    }
    for (PeerState peer : mesh.peers()) {
      if (peer.standing() == Standing.ABSENT) {
        notes.add(
            "degraded: node " + peer.node() + " has been silent for " + seconds(peer.silentNs()));
      }
    }
    return notes;
  }

  private static String waiting(MeshState mesh) {
    long events = mesh.peers().stream().mapToLong(PeerState::waitingEvents).sum();
    long nodes = mesh.peers().stream().filter(peer -> peer.waitingEvents() > 0).count();
    return String.format(
        Locale.ROOT,
        "%,d %s for %d %s",
        events,
        events == 1 ? "event is waiting" : "events are waiting",
        nodes,
        nodes == 1 ? "node" : "nodes");
  }

  private static String seconds(long ns) {
    return TimeUnit.NANOSECONDS.toSeconds(ns) + " s";
  }
}
