package dev.fanfare.node;

import dev.fanfare.observe.NanoClock;
import java.util.concurrent.TimeUnit;

/// Measures how much of the heap is needed: what is in use after a collection. A collector that
/// waits until the heap is full would report that too late, and one that has nothing to do, because
/// load is being shed, would never report that memory is free again. In these two cases a
/// collection is requested, and never takes more than a tenth of the time. Confined to one thread.
final class LiveHeap {

  /// From this part of the space on, what is not known to be garbage or live is looked at.
  private static final double NEARLY_FULL = 0.85;

  /// How much may be unknown even so, as a part of the space.
  private static final double UNKNOWN = 0.02;

  private static final long MIN_PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

  /// How often load shedding is questioned.
  private static final long REVIEW_NS = TimeUnit.SECONDS.toNanos(3);

  /// A collection may take one part in so many of the time.
  private static final int SHARE = 10;

  private final HeapSpace space;
  private final NanoClock clock;
  private long collectedAtNs;
  private long tookNs;

  LiveHeap(HeapSpace space, NanoClock clock) {
    this.space = space;
    this.clock = clock;
    this.collectedAtNs = clock.nanoTime();
  }

  /// The needed part of the space, 0 to 1.
  ///
  /// @param isShedding true while work is refused for lack of heap
  double pressure(boolean isShedding) {
    long sinceNs = clock.nanoTime() - collectedAtNs;
    boolean isUnknown =
        space.used() >= NEARLY_FULL * space.max()
            && space.used() - space.live() >= UNKNOWN * space.max();
    boolean isDue = isUnknown && sinceNs >= Math.max(MIN_PAUSE_NS, SHARE * tookNs);
    boolean isReview = isShedding && sinceNs >= Math.max(REVIEW_NS, SHARE * tookNs);
    if (isDue || isReview) {
      long startedNs = clock.nanoTime();
      space.collect();
      collectedAtNs = clock.nanoTime();
      tookNs = collectedAtNs - startedNs;
    }
    return (double) space.live() / space.max();
  }

  /// What [#pressure] found, as a sentence without a full stop.
  String sentence() {
    return Overload.fullness(space.live(), space.max(), space.name());
  }
}
