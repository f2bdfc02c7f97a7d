package dev.fanfare.transport.memory;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Finds the lane with the socket that holds most of a share, and asks it to cut that socket. Any
/// thread.
public final class Relief {

  /// One lane's holders of the share.
  interface Holders {

    /// About as many bytes as the largest of them has, and at most twice as many. Any thread.
    long largest();

    /// Cuts the largest, on the lane, until the share is not tight. Returns at once. Any thread.
    ///
    /// @param above cuts one in any case if it has more bytes than this
    void shedSoon(long above);
  }

  /// For [Holders#shedSoon]: only while the share is tight.
  static final long IF_TIGHT = Long.MAX_VALUE;

  private final List<Holders> lanes = new CopyOnWriteArrayList<>();

  void add(Holders holders) {
    lanes.add(holders);
  }

  /// The largest on any lane, as [Holders#largest] counts.
  long largest() {
    long largest = 0;
    for (Holders lane : lanes) {
      largest = Math.max(largest, lane.largest());
    }
    return largest;
  }

  /// The share is tight: asks the lane of the largest to cut it.
  void ask() {
    ask(null, IF_TIGHT);
  }

  /// The same, but not `except`, whose largest is smaller.
  void askOthers(Holders except) {
    ask(except, IF_TIGHT);
  }

  /// A holder of `bytes` was refused more: asks for the largest to be cut if it has more than that.
  void askFor(long bytes) {
    ask(null, bytes);
  }

  private void ask(@Nullable Holders except, long above) {
    Holders chosen = null;
    for (Holders lane : lanes) {
      if (lane != except && (chosen == null || lane.largest() > chosen.largest())) {
        chosen = lane;
      }
    }
    if (chosen != null && chosen.largest() > 0) {
      chosen.shedSoon(above);
    }
  }
}
