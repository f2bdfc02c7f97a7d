package dev.fanfare.channel;

import dev.fanfare.history.History;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The channels that have something to do later: a timing wheel, so that only those whose time has
/// come are visited, however many there are. A visit may come early by up to a tick; the visitor of
/// a channel checks what is due and enters it again.
///
/// Any thread, also while a channel's entry is held: the lock is a leaf.
final class Agenda {

  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// 55 minutes of ticks. A channel with a later time is visited once on the way.
  static final int SLOTS = 1 << 15;

  /// A channel's place in the wheel. Guarded by the lock.
  static final class Entry {
    private final Channel channel;
    private long tick;
    private @Nullable Entry previous;
    private @Nullable Entry next;

    private Entry(Channel channel) {
      this.channel = channel;
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final NanoClock clock;
  private final long startNs;

  // Guarded by the lock.
  private final @Nullable Entry[] slots = new Entry[SLOTS];

  /// The first tick that may have entries.
  private long firstTick;

  Agenda(NanoClock clock) {
    this.clock = clock;
    this.startNs = clock.nanoTime();
  }

  /// Enters a channel at a time, unless it is entered at an earlier one. Only while its entry in
  /// the registry is held.
  void add(Channel channel, long dueNs) {
    lock.lock();
    try {
      long tick = Math.clamp(tick(dueNs), firstTick, firstTick + SLOTS - 1);
      Entry entry = channel.agendaEntry;
      if (entry == null) {
        entry = new Entry(channel);
        channel.agendaEntry = entry;
      } else if (entry.tick <= tick) {
        return;
      } else {
        unlink(entry);
      }
      link(entry, tick);
    } finally {
      lock.unlock();
    }
  }

  /// Enters a channel at the time when something is due for it, if anything is: an event expires, a
  /// count or notice that was delayed is sent, or a user who was expected did not come back. Only
  /// while its entry is held.
  void enter(Channel channel, long nowNs) {
    KeptEvent event = channel.keptEvent();
    addUnlessNever(channel, event == null ? Long.MAX_VALUE : event.expiresAtNs());
    History history = channel.history();
    addUnlessNever(channel, history == null ? Long.MAX_VALUE : history.dueNs());
    addUnlessNever(channel, SubscriptionCounts.dueNs(channel));
    addUnlessNever(channel, MemberNotices.dueNs(channel));
    addUnlessNever(channel, RemoteEvents.owedNs(channel));
    long expiryNs = channel.expiryNs(nowNs);
    addUnlessNever(channel, expiryNs == Long.MAX_VALUE ? expiryNs : nowNs + expiryNs);
  }

  private void addUnlessNever(Channel channel, long dueNs) {
    if (dueNs != Long.MAX_VALUE) {
      add(channel, dueNs);
    }
  }

  /// Removes a channel that will never have anything to do. Only while its entry is held, as for
  /// [#add]: then one that seems not to be entered is not.
  void remove(Channel channel) {
    if (channel.agendaEntry == null) {
      return;
    }
    lock.lock();
    try {
      Entry entry = channel.agendaEntry;
      if (entry != null) {
        channel.agendaEntry = null;
        unlink(entry);
      }
    } finally {
      lock.unlock();
    }
  }

  /// Removes and returns the channels whose time has come.
  List<Channel> takeDue() {
    List<Channel> due = new ArrayList<>(0);
    lock.lock();
    try {
      long nowTick = tick(clock.nanoTime());
      long from = Math.max(firstTick, nowTick - SLOTS + 1);
      for (long tick = from; tick <= nowTick; tick++) {
        takeAll(slot(tick), due);
      }
      firstTick = Math.max(firstTick, nowTick);
    } finally {
      lock.unlock();
    }
    return due;
  }

  private void takeAll(int slot, List<Channel> due) {
    Entry entry = slots[slot];
    slots[slot] = null;
    while (entry != null) {
      entry.channel.agendaEntry = null;
      due.add(entry.channel);
      entry = entry.next;
    }
  }

  private void link(Entry entry, long tick) {
    int slot = slot(tick);
    Entry first = slots[slot];
    entry.tick = tick;
    entry.previous = null;
    entry.next = first;
    if (first != null) {
      first.previous = entry;
    }
    slots[slot] = entry;
  }

  private void unlink(Entry entry) {
    Entry before = entry.previous;
    Entry after = entry.next;
    if (before == null) {
      slots[slot(entry.tick)] = after;
    } else {
      before.next = after;
    }
    if (after != null) {
      after.previous = before;
    }
  }

  private long tick(long ns) {
    return Math.floorDiv(ns - startNs, TICK_NS);
  }

  private static int slot(long tick) {
    return (int) (tick & (SLOTS - 1));
  }
}
