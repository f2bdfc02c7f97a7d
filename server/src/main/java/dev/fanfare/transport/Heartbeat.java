package dev.fanfare.transport;

import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;

/// The one timer of a lane: looks at every socket about once a second, so that no socket needs a
/// timer of its own. Confined to the lane. Members stand in a dense list and know their place.
final class Heartbeat {

  /// Milliseconds between two sweeps.
  static final int INTERVAL_MS = 1_000;

  private final List<Swept> members = new ArrayList<>();
  private final NanoClock clock;

  Heartbeat(NanoClock clock) {
    this.clock = clock;
  }

  void add(Swept member) {
    member.sweepIndex(members.size());
    members.add(member);
  }

  /// Forgets a member; the last one takes its place.
  void remove(Swept member) {
    int index = member.sweepIndex();
    Swept last = members.removeLast();
    if (last != member) {
      members.set(index, last);
      last.sweepIndex(index);
    }
  }

  /// Looks at everyone, from the end: a member that goes while it is looked at is replaced by one
  /// that was looked at already.
  void onSweep() {
    long nowNs = clock.nanoTime();
    for (int i = members.size() - 1; i >= 0; i--) {
      if (i < members.size()) {
        members.get(i).onSweep(nowNs);
      }
    }
  }
}
