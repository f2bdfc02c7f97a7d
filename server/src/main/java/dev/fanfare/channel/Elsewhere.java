package dev.fanfare.channel;

import dev.fanfare.bus.KeptVersions;
import dev.fanfare.bus.NodeCounts;
import dev.fanfare.history.KeptEvent;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What a channel needs besides if there is a bus to other nodes: its subscriptions there. Guarded
/// by the channel's entry, except the sum of the counts.
final class Elsewhere extends NodeCounts {

  private static final long FAR_NS = TimeUnit.DAYS.toNanos(365);

  /// A kept event that arrived so late that it was delivered to older subscriptions only. The
  /// younger ones have nothing newer, so they get it unless another event follows soon.
  ///
  /// @param asOfNs when it was published, on the clock of the bus
  /// @param dueNs on the server's monotonic clock
  record Owed(KeptEvent event, long asOfNs, long dueNs) {}

  /// What only channels with subscriptions on this node need, and cache channels.
  private static final class Here {
    private @Nullable Owed owed;

    /// Made when the first event is kept.
    private @Nullable KeptVersions versions;

    private long sinceNs;
    private long newestNs;

    Here(Sharing sharing) {
      this.newestNs = distantPastNs(sharing);
    }
  }

  final Sharing sharing;

  /// Null until it is needed: most channels may have subscriptions on other nodes only.
  private @Nullable Here here;

  Elsewhere(Sharing sharing) {
    this.sharing = sharing;
  }

  private static long distantPastNs(Sharing sharing) {
    return sharing.clock().nanoTime() - FAR_NS;
  }

  private Here here() {
    Here existing = here;
    if (existing == null) {
      existing = new Here(sharing);
      here = existing;
    }
    return existing;
  }

  /// A connection of this node has joined.
  ///
  /// @param localSubscribers with it
  /// @param atNs on the clock of the bus
  void joined(int localSubscribers, long atNs) {
    Here own = here();
    own.newestNs = atNs;
    if (localSubscribers == 1) {
      own.sinceNs = atNs;
    }
    if (own.versions != null) {
      own.versions.joined(localSubscribers == 1);
    }
  }

  /// When the first of the subscriptions on this node was made, on the clock of the bus.
  long sinceNs() {
    return here == null ? 0 : here.sinceNs;
  }

  /// When the last of them was made, on the clock of the bus; in the distant past if none was.
  long newestNs() {
    return here == null ? distantPastNs(sharing) : here.newestNs;
  }

  /// The versions of the kept events of a cache channel.
  KeptVersions versions() {
    Here own = here();
    KeptVersions existing = own.versions;
    if (existing == null) {
      existing = new KeptVersions(sharing.origin());
      own.versions = existing;
    }
    return existing;
  }

  /// The event that younger subscriptions are owed; null if there is none.
  @Nullable Owed owed() {
    return here == null ? null : here.owed;
  }

  /// @param owed null if it was delivered
  void owe(@Nullable Owed owed) {
    if (here != null || owed != null) {
      here().owed = owed;
    }
  }
}
