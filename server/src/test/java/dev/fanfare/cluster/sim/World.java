package dev.fanfare.cluster.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/// Virtual time, chance, and what happens when. Nothing runs but what was scheduled.
final class World {

  private record Event(long atNs, long sequence, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return atNs == other.atNs
          ? Long.compare(sequence, other.sequence)
          : Long.compare(atNs, other.atNs);
    }
  }

  private static final int MAX_VIOLATIONS = 20;

  final SplittableRandom random;
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final List<String> violations = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private final boolean isTraced;
  private long nowNs;
  private long sequence;

  World(long seed, boolean isTraced) {
    this.random = new SplittableRandom(seed);
    this.isTraced = isTraced;
  }

  static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  long nowNs() {
    return nowNs;
  }

  long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(nowNs);
  }

  void at(long ms, Runnable action) {
    atNs(ms(ms), action);
  }

  void in(long ms, Runnable action) {
    atNs(nowNs + ms(ms), action);
  }

  void atNs(long ns, Runnable action) {
    events.add(new Event(Math.max(ns, nowNs), sequence++, action));
  }

  void runUntil(long ms) {
    long endNs = ms(ms);
    while (!events.isEmpty() && events.peek().atNs <= endNs) {
      Event event = events.remove();
      nowNs = event.atNs;
      event.action.run();
    }
    nowNs = endNs;
  }

  void violate(String what) {
    trace("VIOLATION: " + what);
    if (violations.size() < MAX_VIOLATIONS) {
      violations.add(nowMs() + " ms: " + what);
    }
  }

  List<String> violations() {
    return violations;
  }

  boolean isTraced() {
    return isTraced;
  }

  void trace(String what) {
    if (isTraced) {
      trace.add(nowMs() + " " + what);
    }
  }

  List<String> trace() {
    return trace;
  }
}
