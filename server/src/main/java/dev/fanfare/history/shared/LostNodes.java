package dev.fanfare.history.shared;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Judges which nodes do not come back: those that have not been alive for a while in which this
/// node could judge. Any thread.
final class LostNodes {

  /// So long a node that is not known may still be heard of: it may have just been started, or come
  /// back with the engine.
  static final long GRACE_MS = 5_000;

  /// What is older is no knowledge: the process stood still.
  static final long FRESH_MS = 4_000;

  private static final int MAX_ABSENT = 1_024;

  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private Set<Long> alive = Set.of();

  private long observedMs;

  /// Since when nodes are absent that this one could have heard.
  private final Map<Long, Long> absent = few();

  /// When nodes were heard last that have been alive.
  private final Map<Long, Long> former = few();

  private static Map<Long, Long> few() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
        return size() > MAX_ABSENT;
      }
    };
  }

  /// What has changed for the logs of this node.
  ///
  /// @param isLess a node is not alive any more
  /// @param isBack a node is alive again, or this node can judge again: it may have been taken for
  ///   lost itself
  record News(boolean isLess, boolean isBack) {}

  /// @param now the nodes that are alive, with this one; empty if this node cannot judge
  News observe(Set<Long> now, long nowMs) {
    lock.lock();
    try {
      boolean isBack = alive.isEmpty() || now.stream().anyMatch(former::containsKey);
      boolean isLess = !now.isEmpty() && !now.containsAll(alive);
      alive.forEach(node -> former.put(node, nowMs));
      former.keySet().removeAll(now);
      if (now.isEmpty()) {
        absent.clear();
      } else {
        alive.forEach(node -> absent.putIfAbsent(node, nowMs));
        absent.keySet().removeAll(now);
      }
      News news = new News(isLess, isBack && !now.isEmpty());
      alive = now;
      observedMs = nowMs;
      return news;
    } finally {
      lock.unlock();
    }
  }

  /// From now on, this node has been able to judge: what it knew before does not count.
  void doubt() {
    lock.lock();
    try {
      absent.clear();
    } finally {
      lock.unlock();
    }
  }

  Attendance.Verdict verdict(long node, long nowMs) {
    lock.lock();
    try {
      if (alive.contains(node)) {
        return Attendance.Verdict.ALIVE;
      }
      if (alive.isEmpty() || nowMs - observedMs > FRESH_MS) {
        return Attendance.Verdict.AWAITED;
      }
      Long known = absent.putIfAbsent(node, nowMs);
      return known != null && nowMs - known >= GRACE_MS
          ? Attendance.Verdict.LOST
          : Attendance.Verdict.AWAITED;
    } finally {
      lock.unlock();
    }
  }
}
