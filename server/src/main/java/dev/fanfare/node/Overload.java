package dev.fanfare.node;

import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import dev.fanfare.observe.Shedding;
import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.FileBudget;
import dev.fanfare.transport.memory.DirectMemory;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// Makes a node that is near a limit refuse work before clients notice: new connections first, then
/// subscriptions, then publishes. Called by housekeeping; looks at memory twice a second and at
/// lanes and the number of sockets once. Asks the system for the number of open files once a
/// minute.
final class Overload {

  private static final Logger log = Component.SERVER.logger();

  /// The usual time between two calls.
  private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

  /// A call that is later than this was held up by a standstill of the process, in which lanes
  /// could not run either: it was stopped, or the machine suspended.
  private static final long STANDSTILL_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int MEMORY_EVERY = 5;
  private static final int EVERY = 10;
  private static final int FILES_EVERY = 600;

  /// One resource: what is measured, and what has become of it.
  private static final class Resource {
    private final Ladder ladder;
    private Level level = Level.NONE;
    private String sentence = "";

    Resource(Ladder ladder) {
      this.ladder = ladder;
    }

    void update(double pressure, String text) {
      level = ladder.update(pressure);
      sentence = text;
    }
  }

  // Parts of the space that are in use after a collection.
  private final Resource heap =
      new Resource(new Ladder(new double[] {0.82, 0.88, 0.94}, new double[] {0.77, 0.84, 0.90}, 3));

  // Parts of the limit. Buffers come and go quickly, so there is less to be had by acting early.
  private final Resource direct =
      new Resource(new Ladder(new double[] {0.85, 0.92, 0.97}, new double[] {0.75, 0.85, 0.92}, 3));

  // Milliseconds. One level per second: a single stall is over when it is noticed.
  private final Resource lag =
      new Resource(
          new Ladder(new double[] {1_000, 2_500, 5_000}, new double[] {750, 1_500, 3_000}, 1));

  private final List<Resource> resources = List.of(heap, direct, lag);

  private final Readiness readiness;
  private final Shedding shedding;
  private final Lanes lanes;
  private final FileBudget files;
  private final LiveHeap liveHeap;
  private final NanoClock clock;
  private final Set<Cause> refused = EnumSet.noneOf(Cause.class);
  private int calls;
  private long calledAtNs;

  /// How long the process has stood still so far, by `clock`, which leaves out most of a long time.
  private long standstillNs;

  /// True if the number of open files must be confirmed.
  private boolean areFilesUnsure;

  Overload(
      Readiness readiness,
      Shedding shedding,
      Lanes lanes,
      FileBudget files,
      HeapSpace space,
      NanoClock clock) {
    this.readiness = readiness;
    this.shedding = shedding;
    this.lanes = lanes;
    this.files = files;
    this.liveHeap = new LiveHeap(space, clock);
    this.clock = clock;
    this.calledAtNs = clock.nanoTime();
  }

  void sweep() {
    noticeStandstill();
    int call = calls++;
    if (call % MEMORY_EVERY != 0) {
      return;
    }
    heap.update(liveHeap.pressure(heap.level != Level.NONE), liveHeap.sentence());
    long used = DirectMemory.neededBytes();
    long limit = DirectMemory.limitBytes();
    direct.update((double) used / limit, fullness(used, limit, "direct memory"));
    if (call % EVERY == 0) {
      if (areFilesUnsure || call % FILES_EVERY == 0) {
        areFilesUnsure = files.measure();
      }
      checkFiles(files.check());
      long lagMs = TimeUnit.NANOSECONDS.toMillis(lanes.lagNs(clock, standstillNs));
      lag.update((double) lagMs, "The server is overloaded: a lane is " + lagMs + " ms late");
    }
    apply();
  }

  private void noticeStandstill() {
    long nowNs = clock.nanoTime();
    long lateNs = nowNs - calledAtNs - INTERVAL_NS;
    if (lateNs > STANDSTILL_NS) {
      standstillNs += lateNs;
    }
    calledAtNs = nowNs;
  }

  /// Only load balancers see this: whether a client is accepted is decided by the exact count.
  private void checkFiles(Parsed<Parsed.Passed> check) {
    if (check instanceof Parsed.Bad(String problem)) {
      refused.add(Cause.FILES);
      readiness.discourage(Cause.FILES, problem);
    } else if (refused.remove(Cause.FILES)) {
      readiness.allow(Cause.FILES);
    }
  }

  private void apply() {
    Resource worst = worst(resources);
    Level before = shedding.level();
    shedding.set(worst.level, worst.sentence);
    check(Cause.MEMORY, worst(List.of(heap, direct)));
    check(Cause.LAG, lag);
    // Readiness logs when new connections are refused and when they are accepted again.
    if (worst.level.compareTo(before) > 0 && worst.level != Level.CONNECTIONS) {
      log.warn("shedding load, {}: {}", refusing(worst.level), worst.sentence);
    } else if (worst.level.compareTo(before) < 0 && before != Level.CONNECTIONS) {
      log.info("shedding less load, {}", refusing(worst.level));
    }
  }

  private static Resource worst(List<Resource> some) {
    Resource worst = some.getFirst();
    for (Resource resource : some) {
      worst = resource.level.compareTo(worst.level) > 0 ? resource : worst;
    }
    return worst;
  }

  private void check(Cause cause, Resource resource) {
    if (resource.level != Level.NONE) {
      refused.add(cause);
      String more =
          resource.level == Level.CONNECTIONS ? "" : " (" + refusing(resource.level) + ")";
      readiness.refuse(cause, resource.sentence + more);
    } else if (refused.remove(cause)) {
      readiness.allow(cause);
    }
  }

  private static String refusing(Level level) {
    return switch (level) {
      case NONE -> "nothing is refused";
      case CONNECTIONS -> "new connections are refused";
      case SUBSCRIPTIONS -> "new connections and subscriptions are refused";
      case PUBLISHES -> "new connections, subscriptions and publishes are refused";
    };
  }

  /// As a sentence without a full stop.
  static String fullness(long used, long max, String of) {
    return String.format(
        Locale.ROOT,
        "The server's memory is nearly full: %d of %d MB of %s are in use",
        used >> 20,
        max >> 20,
        of);
  }
}
