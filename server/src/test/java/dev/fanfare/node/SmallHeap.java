package dev.fanfare.node;

import dev.fanfare.testing.ManualClock;
import java.time.Duration;

/// A space of 100 MB; a collection leaves `needed`.
final class SmallHeap implements HeapSpace {

  private static final long MB = 1 << 20;

  private final ManualClock clock;

  long used;
  long live;
  long needed;
  int collections;

  /// How long a collection takes.
  Duration pause = Duration.ZERO;

  SmallHeap(ManualClock clock) {
    this.clock = clock;
  }

  /// So many megabytes are live, and nothing is garbage.
  void fill(long megabytes) {
    used = megabytes;
    live = megabytes;
    needed = megabytes;
  }

  @Override
  public String name() {
    return "the old generation";
  }

  @Override
  public long used() {
    return used * MB;
  }

  @Override
  public long live() {
    return live * MB;
  }

  @Override
  public long max() {
    return 100 * MB;
  }

  @Override
  public void collect() {
    collections++;
    clock.advance(pause);
    used = needed;
    live = needed;
  }
}
