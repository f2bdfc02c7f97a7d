package dev.fanfare.transport;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The single timer of a lane: checks every socket about once a second, so that no socket needs its
/// own timer. Confined to the lane. Members are in a dense list and know their index.
///
/// A sweep that comes late, because the lane or the process stood still, checks no connection: the
/// input that waits is read before the next one.
final class Heartbeat {

  /// Milliseconds between two sweeps.
  static final int INTERVAL_MS = 1_000;

  /// A sweep that comes so long after the one before is late, nanoseconds.
  private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(2 * INTERVAL_MS);

  private static final Logger log = Component.CONNECTIONS.logger();

  private final List<Swept> members = new ArrayList<>();
  private final NanoClock clock;
  private final LaneTally tally;
  private final NanoClock machine;
  private final LineBudget failures;
  private long sweptAtNs;

  /// @param tally receives the number of sockets
  Heartbeat(NanoClock clock, LaneTally tally) {
    this(clock, tally, NanoClock.SYSTEM);
  }

  /// @param machine says whether a sweep is late; `clock` may leave out stalls
  Heartbeat(NanoClock clock, LaneTally tally, NanoClock machine) {
    this.clock = clock;
    this.tally = tally;
    this.machine = machine;
    this.failures = new LineBudget(machine);
    this.sweptAtNs = machine.nanoTime();
  }

  void add(Swept member) {
    member.setSweepIndex(members.size());
    members.add(member);
    tally.setSockets(members.size());
  }

  /// Removes a member; the last one moves to its index.
  void remove(Swept member) {
    int index = member.sweepIndex();
    Swept last = members.removeLast();
    tally.setSockets(members.size());
    if (last != member) {
      members.set(index, last);
      last.setSweepIndex(index);
    }
  }

  /// Checks all members, from the end: one that is removed during its check is replaced by one that
  /// was checked already. Never throws, because the loop would not call it again.
  void onSweep() {
    clock.tick();
    long machineNs = machine.nanoTime();
    boolean isLate = machineNs - sweptAtNs > LATE_NS;
    sweptAtNs = machineNs;
    if (isLate) {
      return;
    }
    long nowNs = clock.nanoTime();
    for (int i = members.size() - 1; i >= 0; i--) {
      if (i < members.size()) {
        onSweep(members.get(i), nowNs);
      }
    }
  }

  private void onSweep(Swept member, long nowNs) {
    try {
      member.onSweep(nowNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      if (failures.permits(log)) {
        log.error("idle check failed for one connection; others unaffected", e);
      }
    }
  }
}
