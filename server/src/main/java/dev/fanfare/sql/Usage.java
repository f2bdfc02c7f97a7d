package dev.fanfare.sql;

import dev.fanfare.app.App;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// When apps in memory were looked up last, and which of them may be evicted. [#touch] is called by
/// any thread, the rest by the directory's.
final class Usage {

  /// An app that is not used for so long is evicted.
  static final long IDLE_NS = TimeUnit.MINUTES.toNanos(10);

  /// If there are too many, those are evicted that were not used for so long.
  static final long SHORT_IDLE_NS = TimeUnit.MINUTES.toNanos(1);

  /// Whether an app was looked up since the last sweep, and whether it is about to be evicted. Who
  /// looks it up sets the one and then reads the other, and who evicts it does the reverse: one of
  /// the two notices.
  private static final class Mark {
    private volatile boolean isUsed = true;
    private volatile boolean isLeaving;
    private long usedNs;

    /// False if it was looked up just now.
    private boolean leaves() {
      isLeaving = true;
      isLeaving = !isUsed;
      return isLeaving;
    }
  }

  private final ConcurrentMap<String, Mark> marks = new ConcurrentHashMap<>();

  /// Of some apps, the ids of those with connections, channels or undelivered webhooks.
  private final Function<Collection<App>, Set<String>> appsInUse;

  Usage(Function<Collection<App>, Set<String>> appsInUse) {
    this.appsInUse = appsInUse;
  }

  /// Records that an app was looked up; false if it is being evicted.
  boolean touch(String id) {
    Mark mark = marks.get(id);
    if (mark == null) {
      return true; // it is about to be entered
    }
    if (!mark.isUsed) { // not written by every look-up, which would slow the others down
      mark.isUsed = true;
    }
    return !mark.isLeaving;
  }

  /// Which of the apps to evict: those that are idle, and of those that were idle for a minute as
  /// many more as there are too many. [#retain] must follow.
  ///
  /// @param excess apps that are too many; 0 or less if there is room
  Set<String> leaving(Collection<App> apps, int excess, long nowNs) {
    for (App app : apps) {
      Mark mark = mark(app);
      if (mark.isUsed) {
        mark.usedNs = nowNs;
        mark.isUsed = false;
      }
    }
    long idleNs = excess > 0 ? SHORT_IDLE_NS : IDLE_NS;
    List<App> idle =
        apps.stream()
            .filter(app -> app.history().isEmpty())
            .filter(app -> nowNs - mark(app).usedNs >= idleNs)
            .sorted(Comparator.comparingLong(app -> mark(app).usedNs - nowNs))
            .toList();
    Set<String> inUse = idle.isEmpty() ? Set.of() : appsInUse.apply(idle);
    Set<String> leaving = new HashSet<>();
    for (App app : idle) {
      Mark mark = mark(app);
      boolean isLong = nowNs - mark.usedNs >= IDLE_NS;
      if (inUse.contains(app.id())) {
        mark.usedNs = nowNs;
      } else if ((isLong || leaving.size() < excess) && mark.leaves()) {
        leaving.add(app.id());
      }
    }
    return leaving;
  }

  private Mark mark(App app) {
    return marks.computeIfAbsent(app.id(), _ -> new Mark());
  }

  /// Forgets all but these apps.
  void retain(Set<String> ids) {
    ids.forEach(id -> marks.computeIfAbsent(id, _ -> new Mark()));
    marks.keySet().retainAll(ids);
  }
}
