package dev.fanfare.node;

import java.lang.ref.Reference;

/// Prints what [HeapSpace] says of a process that holds much, and of one that has let it go:
/// `NAME;LIVE;LIVE;MAX`, in bytes.
final class HeapProbe {

  static final int HELD_BYTES = 40_000_000;

  private static final int PART_BYTES = 100_000;

  private HeapProbe() {}

  public static void main(String... arguments) {
    HeapSpace space = HeapSpace.ofThisProcess();
    long full = liveWhileHolding(space);
    space.collect();
    System.out.println(space.name() + ";" + full + ";" + space.live() + ";" + space.max());
  }

  private static long liveWhileHolding(HeapSpace space) {
    byte[][] held = new byte[HELD_BYTES / PART_BYTES][PART_BYTES];
    try {
      space.collect();
      return space.live();
    } finally {
      Reference.reachabilityFence(held);
    }
  }
}
