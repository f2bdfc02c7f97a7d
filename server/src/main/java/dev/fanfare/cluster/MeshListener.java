package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Rejection;

/// Is notified of each transition, once.
@FunctionalInterface
public interface MeshListener {

  void onEvent(Event event);

  /// Why events were not delivered.
  enum Loss {
    /// The other node was away for longer than `outage_seconds`.
    OUTAGE,
    /// More than `outage_bytes` waited, or an event was longer than the engine accepts.
    BYTES,
    /// The queue to the cluster's thread was full.
    QUEUE,
    /// The lanes of the receiver had no room for a second.
    LANES
  }

  /// A transition. `node` is the name of the other node, with the first digits of its life.
  sealed interface Event {}

  /// The state of another node is complete for the first time.
  ///
  /// @param tookNs since it was first heard or named
  record Joined(String node, long tookNs) implements Event {}

  /// This node has the state of all others for the first time.
  ///
  /// @param others how many
  /// @param tookNs since the start
  record Complete(int others, long tookNs) implements Event {}

  /// A node has none of the apps of this node: another cluster uses the name.
  record Foreign(String node) implements Event {}

  /// Datagrams of other nodes of this cluster's name cannot be read; reported once until there have
  /// been none for a while.
  record Unreadable(Rejection reason) implements Event {}

  /// A node is silent for two beats.
  record Absent(String node) implements Event {}

  /// An absent or gone node was heard again and its state is complete.
  ///
  /// @param awayNs since it was last heard
  /// @param lateEvents how many of its events arrived more than two seconds late meanwhile
  /// @param lostEvents how many it had to drop
  record Back(String node, long awayNs, long lateEvents, long lostEvents) implements Event {}

  /// A node was silent for the lease, so its entries were removed.
  record Gone(String node, long silentNs, int members, int subscriptions) implements Event {}

  /// A node has shut down or is gone, and each of its entries is about to be removed. It is not up
  /// any more in [Mesh#state], which may be called now.
  record Ending(String node) implements Event {}

  /// A node has shut down, and its entries were removed.
  record Left(String node, int members, int subscriptions) implements Event {}

  /// Events were dropped.
  ///
  /// @param node that should have received them
  record Lost(String node, long events, Loss reason) implements Event {}

  /// Another node reports that it dropped events for this one.
  record Missed(String node, long events) implements Event {}

  /// This node does not hear itself through the engine any more.
  record Deaf(long sinceNs) implements Event {}

  /// It hears itself again.
  ///
  /// @param waitingEvents for other nodes, which are sent now
  /// @param lostEvents that were dropped meanwhile
  record Hearing(long deafNs, long waitingEvents, long lostEvents) implements Event {}

  /// Deaf for `outage_seconds`: all entries of other nodes were removed.
  record Isolated(int members, int subscriptions) implements Event {}

  /// What this node holds of another differs from what that node has; the link is opened again.
  record Diverged(String node) implements Event {}

  /// A node needs a version of the protocol that this one does not have.
  record Newer(String node, String version) implements Event {}

  /// A message could not be applied, which is a defect of this program; the next ones are.
  record Failed(String node, Throwable failure) implements Event {}
}
