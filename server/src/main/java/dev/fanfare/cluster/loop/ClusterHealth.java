package dev.fanfare.cluster.loop;

import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/// Says in `/ready` what is wrong with the cluster. Only a node that has not joined yet, or that
/// cannot understand the others, asks load balancers to choose another: when the engine fails, it
/// fails for all nodes, and each of them still serves its own clients. Confined to the cluster's
/// thread.
final class ClusterHealth {

  private final Readiness readiness;
  private final boolean isUnreadyWhenCutOff;
  private boolean hasBeenReady;

  /// @param isUnreadyWhenCutOff a node that the bus does not answer is not ready either
  ClusterHealth(Readiness readiness, boolean isUnreadyWhenCutOff) {
    this.readiness = readiness;
    this.isUnreadyWhenCutOff = isUnreadyWhenCutOff;
  }

  void show(ClusterState state) {
    List<String> problems = problems(state);
    List<String> notes = notes(state);
    List<String> newer = newer(state.mesh());
    List<String> foreign = foreign(state.mesh());
    if (hasBeenReady) {
      // The nodes that were there first stay ready, so a wrong start does not stop all of them.
      newer.forEach(text -> notes.add("degraded: " + text));
      foreign.forEach(text -> notes.add("degraded: " + text));
    } else if (state.engine().wasReached() && !newer.isEmpty()) {
      problems = newer; // which is why it is still joining
    } else if (problems.isEmpty()) {
      problems.addAll(foreign);
    }
    if (isUnreadyWhenCutOff && state.mesh().deafNs() > 0 && problems.isEmpty()) {
      problems.addAll(notes);
      notes.clear();
    }
    if (problems.isEmpty()) {
      hasBeenReady = true;
      readiness.allow(Cause.CLUSTER);
    } else {
      readiness.discourage(Cause.CLUSTER, String.join("; ", problems));
    }
    readiness.note(Cause.CLUSTER, notes);
  }

  /// What makes this node unready, without a full stop.
  private static List<String> problems(ClusterState state) {
    EngineState engine = state.engine();
    List<String> problems = new ArrayList<>();
    if (!engine.wasReached()) {
      String reason = engine.problem().isEmpty() ? "still connecting" : engine.problem();
      problems.add(
          "The bus " + engine.address() + " has not been reached since the start: " + reason);
      return problems;
    }
    MeshState mesh = state.mesh();
    if (mesh.isJoining()) {
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
    Rejection unreadable = mesh.unreadable();
    if (unreadable != null) {
      notes.add("degraded: datagrams of other nodes cannot be read: " + why(unreadable));
    }
    for (PeerState peer : mesh.peers()) {
      if (peer.standing() == Standing.ABSENT) {
        notes.add(
            "degraded: node " + peer.node() + " has been silent for " + seconds(peer.silentNs()));
      }
    }
    return notes;
  }

  private static List<String> newer(MeshState mesh) {
    return mesh.peers().stream()
        .filter(PeerState::isNewer)
        .map(peer -> "node " + peer.node() + " uses a newer version of the cluster's protocol")
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static List<String> foreign(MeshState mesh) {
    return mesh.peers().stream()
        .filter(peer -> peer.standing() == Standing.FOREIGN)
        .map(peer ->
            "another cluster uses the same cluster.name: node "
                + peer.node()
                + " has none of the apps of this node")
        .toList();
  }

  /// Why a datagram of this cluster's name was dropped.
  static String why(Rejection unreadable) {
    return switch (unreadable) {
      case SECRET -> "only one side has a cluster.secret";
      case SEAL -> "they have another cluster.secret, or are damaged";
      case VERSION -> "they are of another version of the cluster's protocol";
      case MAGIC, CLUSTER, FORMAT, NAME, NODES -> throw new IllegalArgumentException();
    };
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
