package dev.fanfare.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// Finds the lane whose member holds most of the share for requests, and asks it to cut that
/// member. Any thread.
final class Relief {

  private final List<Holdings> lanes = new CopyOnWriteArrayList<>();

  void add(Holdings holdings) {
    lanes.add(holdings);
  }

  /// The most that a member holds on any lane, as [Holdings#largest] counts it.
  long largest() {
    long largest = 0;
    for (Holdings lane : lanes) {
      largest = Math.max(largest, lane.largest());
    }
    return largest;
  }

  /// Asks the lane of the largest member to cut it.
  void ask() {
    askOthers(null);
  }

  /// The same, but not `except`.
  void askOthers(@Nullable Holdings except) {
    Holdings chosen = null;
    for (Holdings lane : lanes) {
      if (lane != except && (chosen == null || lane.largest() > chosen.largest())) {
        chosen = lane;
      }
    }
    if (chosen != null && chosen.largest() > 0) {
      chosen.shedSoon();
    }
  }
}
