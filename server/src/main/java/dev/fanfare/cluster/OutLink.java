package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.ItemType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// One generation of the link to another node: items that were sent and are not acknowledged, then
/// those that wait. Confined to one thread.
final class OutLink {

  /// Not more than the other node buffers, so that what follows a gap is not dropped there.
  static final int MAX_UNACKED = 8_000;

  private static final long MIN_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long MAX_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);
  private static final int MAX_DOUBLINGS = 4;
  private static final int SMOOTHING = 8;

  private final long generation;
  private final ArrayDeque<Item> unacked = new ArrayDeque<>();
  private final ArrayDeque<Item> waiting = new ArrayDeque<>();

  /// The number of the first item that is not acknowledged.
  private long base;

  private long unackedBytes;
  private long waitingBytes;

  /// Of the facts that wait and are not part of the snapshot.
  private long waitingFactBytes;

  /// The number, over all generations, of the first event or command that is not acknowledged.
  private long nextEvent;

  private int snapshotLeft;
  private int events;
  private boolean lacksKept;
  private boolean isAcknowledged;
  private long oldestSentNs;
  private int doublings;
  private long roundTripNs;
  private long probe = -1;
  private long probeSentNs;

  /// @param nextEvent the number of the first event or command that follows the snapshot
  /// @param snapshot all that this node owns, from BEGIN to END
  /// @param roundTripNs a guess
  OutLink(long generation, long nextEvent, List<Item> snapshot, long roundTripNs) {
    this.generation = generation;
    this.nextEvent = nextEvent;
    this.roundTripNs = roundTripNs;
    snapshot.forEach(this::add);
    this.snapshotLeft = snapshot.size();
    this.waitingFactBytes = 0;
  }

  long generation() {
    return generation;
  }

  /// True if the first waiting item belongs to the snapshot.
  boolean isInSnapshot() {
    return snapshotLeft > 0;
  }

  /// The number of the first item that is not acknowledged.
  long base() {
    return base;
  }

  /// The number of the item after the last one.
  long next() {
    return base + unacked.size() + waiting.size();
  }

  long nextEvent() {
    return nextEvent;
  }

  boolean isAcknowledged() {
    return isAcknowledged;
  }

  boolean isEmpty() {
    return unacked.isEmpty() && waiting.isEmpty();
  }

  boolean hasWaiting() {
    return !waiting.isEmpty();
  }

  long bytes() {
    return unackedBytes + waitingBytes;
  }

  long waitingBytes() {
    return waitingBytes;
  }

  long unackedBytes() {
    return unackedBytes;
  }

  long waitingFactBytes() {
    return waitingFactBytes;
  }

  long roundTripNs() {
    return roundTripNs;
  }

  /// Events that are not acknowledged.
  int events() {
    return events;
  }

  /// An event was dropped that its channel keeps, so the other node needs the last one of that
  /// channel from a snapshot.
  boolean lacksKept() {
    return lacksKept;
  }

  /// Events that the other node misses if this link ends, with those that were not reported to it
  /// yet.
  long missedEvents() {
    long missed = events;
    for (Item item : carried()) {
      missed += item.type() == ItemType.LOST ? item.events() : 0;
    }
    return missed;
  }

  void add(Item item) {
    waiting.add(item);
    waitingBytes += item.bytes();
    if (item.type().isEvent()) {
      events++;
    } else {
      waitingFactBytes += item.bytes();
    }
  }

  /// True if there is an item that the window lets through. One that is bigger than the window goes
  /// alone.
  boolean canSend(long window) {
    return !waiting.isEmpty()
        && (unacked.isEmpty()
            || (unacked.size() < MAX_UNACKED
                && unackedBytes + waiting.getFirst().bytes() <= window));
  }

  Item firstWaiting() {
    return waiting.getFirst();
  }

  /// The number of the first waiting item.
  long firstWaitingNumber() {
    return base + unacked.size();
  }

  /// The first waiting item is being sent.
  void sent(long nowNs) {
    Item item = waiting.remove();
    waitingBytes -= item.bytes();
    if (snapshotLeft > 0) {
      snapshotLeft--;
    } else if (!item.type().isEvent()) {
      waitingFactBytes -= item.bytes();
    }
    if (unacked.isEmpty()) {
      oldestSentNs = nowNs;
    }
    unacked.add(item);
    unackedBytes += item.bytes();
    if (probe < 0) {
      probe = base + unacked.size();
      probeSentNs = nowNs;
    }
  }

  /// Sent and not acknowledged, oldest first.
  Iterable<Item> unacked() {
    return unacked;
  }

  /// The other node has applied all items before a number of this generation.
  ///
  /// @return false if that is not possible
  boolean acknowledge(long expected, long nowNs) {
    if (expected > base + unacked.size()) {
      return false;
    }
    isAcknowledged = true;
    if (expected > base) {
      oldestSentNs = nowNs;
      doublings = 0;
      if (probe >= 0 && expected >= probe) {
        roundTripNs += (nowNs - probeSentNs - roundTripNs) / SMOOTHING;
        probe = -1;
      }
    }
    while (base < expected) {
      Item item = unacked.remove();
      base++;
      nextEvent += item.events();
      unackedBytes -= item.bytes();
      if (item.type().isEvent()) {
        events--;
      }
    }
    return true;
  }

  /// The oldest unacknowledged item has waited for its acknowledgement too long.
  boolean isOverdue(long nowNs) {
    long timeout = (MIN_TIMEOUT_NS + 2 * roundTripNs) << Math.min(doublings, MAX_DOUBLINGS);
    return !unacked.isEmpty() && nowNs - oldestSentNs >= Math.min(timeout, MAX_TIMEOUT_NS);
  }

  /// The other node may be reached again: what is not acknowledged is overdue, however long it had
  /// to wait while nothing arrived.
  void retry(long nowNs) {
    doublings = 0;
    oldestSentNs = nowNs - MAX_TIMEOUT_NS;
  }

  /// How long ago the oldest unacknowledged item was sent, 0 if there is none.
  long unackedForNs(long nowNs) {
    return unacked.isEmpty() ? 0 : nowNs - oldestSentNs;
  }

  /// All that is not acknowledged is sent again.
  void resent(long nowNs) {
    oldestSentNs = nowNs;
    doublings++;
    probe = -1;
  }

  /// What the next generation takes over: events and commands; facts are in its snapshot.
  List<Item> carried() {
    List<Item> carried = new ArrayList<>();
    unacked.forEach(item -> addCarried(item, carried));
    waiting.forEach(item -> addCarried(item, carried));
    return carried;
  }

  private static void addCarried(Item item, List<Item> carried) {
    if (item.type().isCarried() || item.type() == ItemType.LOST) {
      carried.add(item);
    }
  }

  /// Drops the oldest events that were never sent, and puts their number in their place.
  ///
  /// @param maxBytes that may remain
  /// @return how many were dropped
  long dropEvents(long maxBytes) {
    long dropped = 0;
    ArrayDeque<Item> passed = new ArrayDeque<>();
    Iterator<Item> next = waiting.iterator();
    while (bytes() > maxBytes && next.hasNext()) {
      Item item = next.next();
      next.remove();
      if (item.type().isEvent()) {
        waitingBytes -= item.bytes();
        events--;
        dropped++;
        lacksKept |= item.type() == ItemType.KEPT;
      } else {
        passed.add(item);
      }
    }
    if (dropped > 0) {
      Item lost = Item.lost(dropped);
      waiting.addFirst(lost);
      waitingBytes += lost.bytes();
      waitingFactBytes += lost.bytes();
    }
    while (!passed.isEmpty()) {
      waiting.addFirst(passed.removeLast());
    }
    return dropped;
  }
}
