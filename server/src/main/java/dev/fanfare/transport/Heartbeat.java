package dev.fanfare.transport;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;

/// The one timer of a lane: looks at every socket about once a second, so that no socket needs a
/// timer of its own. Confined to the lane. Members stand in a dense list and know their place.
final class Heartbeat {

  /// Milliseconds between two sweeps.
  static final int INTERVAL_MS = 1_000;

  private static final Logger log = Component.CONNECTIONS.logger();

  private final List<Swept> members = new ArrayList<>();
  private final NanoClock clock;
  private final LaneTally tally;

  /// @param tally is told how many sockets there are
  Heartbeat(NanoClock clock, LaneTally tally) {
    this.clock = clock;
    this.tally = tally;
  }

  void add(Swept member) {
    member.setSweepIndex(members.size());
    members.add(member);
    tally.setSockets(members.size());
  }

  /// Forgets a member; the last one takes its place.
  void remove(Swept member) {
    int index = member.sweepIndex();
    Swept last = members.removeLast();
    tally.setSockets(members.size());
    if (last != member) {
      members.set(index, last);
      last.setSweepIndex(index);
    }
  }

  /// Looks at everyone, from the end: a member that goes while it is looked at is replaced by one
  /// that was looked at already. Never throws, or the loop would not call it again.
  void onSweep() {
    long nowNs = clock.nanoTime();
    for (int i = members.size() - 1; i >= 0; i--) {
      if (i < members.size()) {
        onSweep(members.get(i), nowNs);
      }
    }
  }

  private static void onSweep(Swept member, long nowNs) {
    try {
      member.onSweep(nowNs);
    } catch (RuntimeException e) {
      log.error("a connection failed when its time was checked; the others go on", e);
    }
  }
}
