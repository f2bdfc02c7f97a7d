package dev.fanfare.bus;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What this node knows about the others at one moment. Immutable.
///
/// @param self the life of this node
/// @param coordinators the lives of the nodes that may coordinate, with this one unless it is
///   draining; a node that is silent keeps its place until its lease ends
/// @param known the lives of the nodes that are not gone, with this one
/// @param joining those of them whose entries are not known yet, or not known again
/// @param hasElders another node has been running for more than two minutes
/// @param isSettled this node has the state of the others, and they count it in
/// @param isHearing this node hears itself through the engine, so others that are gone are not just
///   out of its reach
/// @param missing how many nodes' entries this node may not have as they are
/// @param missingSinceNs when the first of them was last heard, on the machine's clock
@RecordBuilder
public record NodesView(
    long self,
    List<Long> coordinators,
    List<Long> known,
    List<Long> joining,
    boolean hasElders,
    boolean isSettled,
    boolean isHearing,
    int missing,
    long missingSinceNs) {

  /// A node that has no others.
  public static final NodesView ALONE = new NodesView(0, List.of(), 0, 0);

  public NodesView {
    coordinators = List.copyOf(coordinators);
    known = List.copyOf(known);
    joining = List.copyOf(joining);
  }

  /// The entries of all nodes are known, and some have been running for long.
  public NodesView(
      long self,
      List<Long> coordinators,
      List<Long> known,
      boolean isSettled,
      int missing,
      long missingSinceNs) {
    this(self, coordinators, known, List.of(), true, isSettled, true, missing, missingSinceNs);
  }

  /// Settled nodes, of which each may coordinate.
  public NodesView(long self, List<Long> coordinators, int missing, long missingSinceNs) {
    this(self, coordinators, coordinators, true, missing, missingSinceNs);
  }

  /// True if both have the same nodes, however complete their entries are.
  public boolean hasNodesOf(NodesView other) {
    return isSettled == other.isSettled
        && coordinators.equals(other.coordinators)
        && known.equals(other.known);
  }

  /// The other nodes that may coordinate and could not before.
  public List<Long> newcomers(NodesView before) {
    return coordinators.stream()
        .filter(life -> life != self && !before.coordinators.contains(life))
        .toList();
  }

  /// True if a node cannot coordinate any more: it is gone, or it is draining.
  public boolean hasStopped(long life) {
    return !coordinators.contains(life) && !joining.contains(life);
  }

  /// True if there is no bus to other nodes.
  public boolean isAlone() {
    return self == 0;
  }

  /// True if this node acts for all of them in what concerns the channel: every node that has the
  /// same view decides the same. Any thread.
  public boolean isCoordinator(String appId, String channel) {
    return isAlone()
        || coordinators.isEmpty()
        || Rendezvous.first(appId, channel, coordinators) == self;
  }

  /// How complete an answer from this node's memory is: the value of `X-Fanfare-Consistency`.
  ///
  /// @param nowNs on the machine's clock
  public String consistency(long nowNs) {
    long age = Math.max(0, TimeUnit.NANOSECONDS.toSeconds(nowNs - missingSinceNs));
    return missing == 0 ? "complete" : "partial; missing=" + missing + "; age=" + age;
  }
}
