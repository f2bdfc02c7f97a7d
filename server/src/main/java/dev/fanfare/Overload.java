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

/// Keeps a node that is near a ceiling from taking further connections, before those that it has
/// feel it. Called by housekeeping; looks once a second.
final class Overload {

  /// Percent of the heap that are live after a collection.
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
    lookAtFiles(files.problem());
    look(Cause.MEMORY, heapProblem());
    long lagNs = lanes.lagNs();
    look(
        Cause.LAG,
        lagNs > MAX_LAG_NS
            ? "The server is overloaded: a lane is "
                + TimeUnit.NANOSECONDS.toMillis(lagNs)
                + " ms late"
            : "");
  }

  /// Load balancers are sent elsewhere; each client that still comes is judged by the exact count.
  private void lookAtFiles(@Nullable String problem) {
    if (problem == null) {
      readiness.allow(Cause.FILES);
    } else {
      readiness.discourage(Cause.FILES, problem);
    }
  }

  private void look(Cause cause, String problem) {
    if (!problem.isEmpty()) {
      refused.add(cause);
      readiness.refuse(cause, problem);
    } else if (refused.remove(cause)) {
      readiness.allow(cause);
    }
  }

  /// By what was live after the last collection: what is merely not collected yet says nothing.
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
