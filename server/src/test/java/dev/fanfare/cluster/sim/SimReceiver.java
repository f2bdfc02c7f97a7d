package dev.fanfare.cluster.sim;

import java.util.Objects;
import java.util.SplittableRandom;
import java.util.TreeMap;

/// The receiver of webhooks: accepts all, now and then few, or none for seconds. From the end of
/// the faults on it accepts all.
final class SimReceiver {

  private static final int BUSY = 1;

  /// One of so many times it is busy, otherwise away.
  private static final int BUSY_PART = 3;

  private static final long MAX_UP_MS = 5_000;
  private static final long MAX_AWAY_MS = 12_000;

  private final World world;

  /// How many events a node can deliver in one turn, by the time from which on.
  private final TreeMap<Long, Integer> rooms = new TreeMap<>();

  SimReceiver(World world, long seed, long endMs) {
    this.world = world;
    SplittableRandom random = new SplittableRandom(seed * 131 + 3);
    for (long atMs = 0; atMs < endMs; ) {
      rooms.put(atMs, Integer.MAX_VALUE);
      atMs += random.nextLong(MAX_UP_MS);
      rooms.put(atMs, random.nextInt(BUSY_PART) == 0 ? BUSY : 0);
      atMs += random.nextLong(MAX_AWAY_MS);
    }
    rooms.tailMap(endMs).clear();
    rooms.put(endMs, Integer.MAX_VALUE);
  }

  /// How many events a node can deliver now.
  int room() {
    return Objects.requireNonNull(rooms.floorEntry(world.nowMs())).getValue();
  }
}
