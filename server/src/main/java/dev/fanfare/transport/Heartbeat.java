package dev.fanfare.transport;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The single timer of a lane: a timing wheel with all its sockets. A sweep each second checks
/// those whose time has come, a slice at a time; the others cost nothing. Confined to the lane.
///
/// Traffic does not move a socket in the wheel: when its time comes, it says how much longer it may
/// be left alone. Only what brings a deadline forward must [#checkSoon].
///
/// A sweep that comes late, because the lane or the process stood still, checks no connection: the
/// input that waits is read before the next one.
public final class Heartbeat {

  /// Milliseconds between two sweeps.
  public static final int INTERVAL_MS = 1_000;

  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(250);

  /// 17 minutes of ticks. A socket with a later deadline is checked once on the way.
  static final int SLOTS = 1 << 12;

  /// Checks in one go, a fraction of a millisecond even if each sends a ping.
  static final int SLICE = 64;

  /// A sweep that comes so long after the one before is late, nanoseconds.
  private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(2 * INTERVAL_MS);

  private static final Logger log = Component.CONNECTIONS.logger();

  /// The beginning of a ring of members; never checked.
  private static final class Head extends Swept {
    @Override
    public long onDue(long nowNs) {
      return 0;
    }
  }

  private final Swept[] slots = new Swept[SLOTS];

  /// Members whose time has come.
  private final Swept due = new Head();

  private final NanoClock clock;
  private final LaneTally tally;
  private final NanoClock machine;
  private final Executor afterReads;
  private final Runnable slice = this::onSlice;
  private final LineBudget failures;
  private final long startNs;
  private long sweptAtNs;
  private int size;

  /// The first tick whose slot may have members.
  private int firstTick;

  /// True if a slice has been scheduled.
  private boolean isScheduled;

  /// @param tally receives the number of sockets
  /// @param afterReads runs a task on the lane, after it has read from its sockets
  public Heartbeat(NanoClock clock, LaneTally tally, Executor afterReads) {
    this(clock, tally, afterReads, NanoClock.SYSTEM);
  }

  /// @param machine says whether a sweep is late; `clock` may leave out stalls
  Heartbeat(NanoClock clock, LaneTally tally, Executor afterReads, NanoClock machine) {
    this.clock = clock;
    this.tally = tally;
    this.afterReads = afterReads;
    this.machine = machine;
    this.failures = new LineBudget(machine);
    this.startNs = clock.nanoTime();
    this.sweptAtNs = machine.nanoTime();
    for (int i = 0; i < SLOTS; i++) {
      slots[i] = new Head();
    }
  }

  /// Adds a member, which is checked with the next sweep.
  public void add(Swept member) {
    link(member, firstTick);
    count(member, 1);
  }

  public void remove(Swept member) {
    if (member.tick != Swept.NO_MEMBER) {
      member.unlink();
      member.tick = Swept.NO_MEMBER;
      count(member, -1);
    }
  }

  private void count(Swept member, int change) {
    size += member.isSocket() ? change : 0;
    tally.setSockets(size);
  }

  /// Checks a member with the next sweep: something has happened that may bring its deadline
  /// forward. Does nothing for one that is not a member.
  public void checkSoon(Swept member) {
    if (member.tick > firstTick) {
      member.unlink();
      link(member, firstTick);
    }
  }

  /// Checks the members whose time has come. Never throws, because the loop would not call it
  /// again.
  public void onSweep() {
    clock.tick();
    long machineNs = machine.nanoTime();
    boolean isLate = machineNs - sweptAtNs > LATE_NS;
    sweptAtNs = machineNs;
    if (isLate) {
      return;
    }
    int nowTick = tick(clock.nanoTime());
    for (int tick = Math.max(firstTick, nowTick - SLOTS + 1); tick <= nowTick; tick++) {
      moveToDue(slots[tick & (SLOTS - 1)]);
    }
    firstTick = Math.max(firstTick, nowTick);
    if (!isScheduled) {
      onSlice();
    }
  }

  /// Appends all members of a slot.
  private void moveToDue(Swept head) {
    Swept first = head.next;
    if (first == head) {
      return;
    }
    Swept last = head.previous;
    head.next = head;
    head.previous = head;
    first.previous = due.previous;
    first.previous.next = first;
    last.next = due;
    due.previous = last;
  }

  /// Checks some of the members that are due; the loop reads before the next of them.
  private void onSlice() {
    isScheduled = false;
    if (machine.nanoTime() - sweptAtNs > LATE_NS) {
      return; // the sweep after the next one goes on
    }
    long nowNs = clock.nanoTime();
    for (int i = 0; i < SLICE && due.next != due; i++) {
      check(due.next, nowNs);
    }
    if (due.next != due) {
      isScheduled = true;
      afterReads.execute(slice);
    }
  }

  private void check(Swept member, long nowNs) {
    long inNs = 0;
    try {
      member.unlink();
      inNs = member.onDue(nowNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      if (failures.permits(log)) {
        log.error("idle check failed for one connection; others unaffected", e);
      }
    } finally {
      if (member.tick != Swept.NO_MEMBER) {
        link(member, tick(nowNs + Math.clamp(inNs, 0, SLOTS * TICK_NS)));
      }
    }
  }

  private void link(Swept member, int tick) {
    member.tick = Math.clamp(tick, firstTick, firstTick + SLOTS - 1);
    member.linkTo(slots[member.tick & (SLOTS - 1)]);
  }

  private int tick(long ns) {
    return (int) Math.floorDiv(ns - startNs, TICK_NS);
  }
}
