package dev.fanfare;

import dev.fanfare.channel.Lanes;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.transport.FileBudget;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Makes a node that is near a limit refuse new connections before existing ones suffer. Called by
/// housekeeping; checks once a second.
final class Overload {

  /// Percent of the heap in use after a collection.
  static final int MAX_HEAP_PERCENT = 92;

  static final long MAX_LAG_NS = TimeUnit.SECONDS.toNanos(1);

  private static final int EVERY = 10;

  private final Readiness readiness;
  private final Lanes lanes;
  private final FileBudget files;
  private final Set<Cause> refused = EnumSet.noneOf(Cause.class);
  private int calls;

  Overload(Readiness readiness, Lanes lanes, FileBudget files) {
    this.readiness = readiness;
    this.lanes = lanes;
    this.files = files;
  }

  void sweep() {
    if (calls++ % EVERY != 0) {
      return;
    }
    files.measure();
    checkFiles(files.problem());
    check(Cause.MEMORY, heapProblem());
    long lagNs = lanes.lagNs();
    check(
        Cause.LAG,
        lagNs > MAX_LAG_NS
            ? "The server is overloaded: a lane is "
                + TimeUnit.NANOSECONDS.toMillis(lagNs)
                + " ms late"
            : "");
  }

  /// Only load balancers see this: whether a client is accepted is decided by the exact count.
  private void checkFiles(@Nullable String problem) {
    if (problem != null) {
      refused.add(Cause.FILES);
      readiness.discourage(Cause.FILES, problem);
    } else if (refused.remove(Cause.FILES)) {
      readiness.allow(Cause.FILES);
    }
  }

  private void check(Cause cause, String problem) {
    if (!problem.isEmpty()) {
      refused.add(cause);
      readiness.refuse(cause, problem);
    } else if (refused.remove(cause)) {
      readiness.allow(cause);
    }
  }

  /// Judges by the heap after the last collection: garbage does not count.
  private static String heapProblem() {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage after = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      used += after == null ? 0 : after.getUsed();
    }
    return heapProblem(used, Runtime.getRuntime().maxMemory());
  }

  static String heapProblem(long live, long max) {
    return live * 100 > max * MAX_HEAP_PERCENT
        ? "The server's memory is full: " + (live >> 20) + " of " + (max >> 20) + " MB are in use"
        : "";
  }
}
