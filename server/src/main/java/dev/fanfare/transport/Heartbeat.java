package dev.fanfare.transport;

import dev.fanfare.observe.NanoClock;
import java.util.LinkedHashSet;
import java.util.Set;

/// The one timer of a lane: looks at every socket about once a second, so that no socket needs a
/// timer of its own. Confined to the lane.
final class Heartbeat {

  /// Milliseconds between two sweeps.
  static final int INTERVAL_MS = 1_000;

  private final Set<Swept> members = new LinkedHashSet<>();
  private final NanoClock clock;

  Heartbeat(NanoClock clock) {
    this.clock = clock;
  }

  void add(Swept member) {
    members.add(member);
  }

  void remove(Swept member) {
    members.remove(member);
  }

  /// Looks at everyone. Members may remove themselves or others while it runs.
  void onSweep() {
    long nowNs = clock.nanoTime();
    for (Swept member : members.toArray(Swept[]::new)) {
      member.onSweep(nowNs);
    }
  }
}
