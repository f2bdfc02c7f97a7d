package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Rejection;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of the cluster as this node sees it at one moment, for `/ready`, metrics and the log.
/// Immutable. Times are durations in nanoseconds.
///
/// @param peers the other nodes
/// @param isJoining the state of other nodes is incomplete, and the time to wait for it is not over
/// @param isSettled this node has had the state of the others for a second, so they count it in, or
///   the time to wait for it is over
/// @param deafNs since this node last heard itself through the engine, 0 if it does
/// @param isIsolated deaf for so long that all remote entries were removed
/// @param isHeardByNone most others do not hear this node, although it hears itself
/// @param unreadable why datagrams of other nodes could not be read lately; null if they could
/// @param roundTripNs of the last own beat through the engine
/// @param logBytes what the recent events take
/// @param logNs the age of the oldest recent event
/// @param channels with subscribers on other nodes, once for each of these nodes
/// @param members of presence channels on other nodes, once for each of these nodes
/// @param totals counters since the start
@RecordBuilder
public record MeshState(
    List<PeerState> peers,
    boolean isJoining,
    boolean isSettled,
    long deafNs,
    boolean isIsolated,
    boolean isHeardByNone,
    @Nullable Rejection unreadable,
    long roundTripNs,
    long logBytes,
    long logNs,
    long channels,
    long members,
    MeshTotals totals) {

  /// What a node is to this one.
  public enum Standing {
    /// Heard or named by others; its state is incomplete.
    JOINING,
    /// Heard, and its state is complete.
    UP,
    /// Silent for two beats; its entries are kept.
    ABSENT,
    /// Of another cluster with the same name: it has none of the apps of this node.
    FOREIGN,
    /// Silent for the lease; its entries were removed, and events wait for it. Also one that others
    /// named and that was not heard within the lease.
    GONE
  }

  /// One other node.
  ///
  /// @param life of the process
  /// @param node its name, empty until it was heard
  /// @param beats the number of its last beat: it sends at most five a second
  /// @param silentNs since it was last heard
  /// @param waitingEvents for it that were not acknowledged yet
  /// @param waitingBytes of all that waits for it
  /// @param isConfigEqual its apps and limits are those of this node
  /// @param isNewer it needs a version of the protocol that this node does not have
  @RecordBuilder
  public record PeerState(
      long life,
      String node,
      Standing standing,
      boolean isDraining,
      long beats,
      long silentNs,
      long waitingEvents,
      long waitingBytes,
      boolean isConfigEqual,
      boolean isNewer) {}

  /// How many other nodes have this standing.
  public int count(Standing standing) {
    return (int) peers.stream().filter(peer -> peer.standing() == standing).count();
  }

  /// All entries of the other nodes that are not gone are known and current.
  public boolean isComplete() {
    return deafNs == 0 && count(Standing.JOINING) == 0 && count(Standing.ABSENT) == 0;
  }
}
