package dev.fanfare.channel;

import dev.fanfare.bus.KeptVersions;
import dev.fanfare.bus.NodeCounts;
import dev.fanfare.history.KeptEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a channel needs besides if there is a bus to other nodes. Guarded by the channel's entry,
/// except the sum of `counts`.
final class Elsewhere {

  private static final long FAR_NS = TimeUnit.DAYS.toNanos(365);

  final Sharing sharing;

  /// A kept event that arrived so late that it was delivered to older subscriptions only. The
  /// younger ones have nothing newer, so they get it unless another event follows soon.
  ///
  /// @param asOfNs when it was published, on the clock of the bus
  /// @param dueNs on the server's monotonic clock
  record Owed(KeptEvent event, long asOfNs, long dueNs) {}

  @Nullable Owed owed;

  /// Connections subscribed on each other node.
  final NodeCounts counts = new NodeCounts();

  /// Made when the first event is kept.
  private @Nullable KeptVersions versions;

  /// When the first of the subscriptions on this node was made, on the clock of the bus.
  long sinceNs;

  /// When the last of them was made, on the clock of the bus; in the distant past if none was.
  long newestNs;

  Elsewhere(Sharing sharing) {
    this.sharing = sharing;
    this.newestNs = sharing.clock().nanoTime() - FAR_NS;
  }

  /// A connection of this node has joined.
  ///
  /// @param localSubscribers with it
  /// @param atNs on the clock of the bus
  void joined(int localSubscribers, long atNs) {
    newestNs = atNs;
    if (localSubscribers == 1) {
      sinceNs = newestNs;
    }
    if (versions != null) {
      versions.joined(localSubscribers == 1);
    }
  }

  /// The versions of the kept events of a cache channel.
  KeptVersions versions() {
    KeptVersions existing = versions;
    if (existing == null) {
      existing = new KeptVersions(sharing.origin());
      versions = existing;
    }
    return existing;
  }
}
