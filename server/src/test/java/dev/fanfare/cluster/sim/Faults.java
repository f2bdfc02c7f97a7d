package dev.fanfare.cluster.sim;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Lets one thing after another fail, and mends it.
final class Faults {

  private static final int KINDS = 9;
  private static final long SHORT_MS = 8_000;
  private static final long MAX_PAUSE_MS = 20_000;

  private final Simulation simulation;
  private final World world;
  private final SimEngine engine;
  private final SplittableRandom random;
  private final int slots;

  Faults(Simulation simulation, World world, SimEngine engine, long seed, int slots) {
    this.simulation = simulation;
    this.world = world;
    this.engine = engine;
    this.random = new SplittableRandom(seed * 31 + 7);
    this.slots = slots;
  }

  void scheduleNoise() {
    double loss = random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.2;
    engine.noise(
        loss, random.nextDouble() * 0.1, 1 + random.nextInt(random.nextBoolean() ? 5 : 200));
  }

  /// Faults until the end, when all is mended.
  void schedule(long endMs, long maxFaultMs) {
    long atMs = 2_000 + random.nextLong(10_000);
    while (atMs < endMs - 5_000) {
      long lengthMs =
          random.nextBoolean() ? random.nextLong(SHORT_MS) : random.nextLong(maxFaultMs);
      long stopMs = Math.min(atMs + lengthMs, endMs);
      schedule(random.nextInt(KINDS), random.nextInt(slots), atMs, stopMs);
      atMs = stopMs + random.nextLong(MAX_PAUSE_MS);
    }
  }

  private void schedule(int kind, int slot, long atMs, long stopMs) {
    switch (kind) {
      case 0 -> between(atMs, stopMs, "engine", () -> engine.down(true), () -> engine.down(false));
      case 1 -> cut(slot, atMs, stopMs, true, true);
      case 2 -> cut(slot, atMs, stopMs, true, false);
      case 3 -> cut(slot, atMs, stopMs, false, true);
      case 4 -> {
        int[] sides = random.ints(slots, 0, 2).toArray();
        between(
            atMs,
            stopMs,
            "partition",
            () -> engine.partition(sides),
            () -> engine.partition(new int[0]));
      }
      case 5 ->
          between(
              atMs,
              stopMs,
              "pause of " + slot,
              () -> simulation.node(slot).pause(),
              () -> simulation.node(slot).proceed());
      case 6 -> stall(slot, slot + 1, atMs, stopMs);
      case 7 -> stall(0, slots, atMs, stopMs); // as if the engine was stopped and continued
      default ->
          between(
              atMs,
              stopMs,
              "death of " + slot,
              () -> simulation.kill(slot),
              () -> simulation.boot(slot));
    }
  }

  private void cut(int slot, long atMs, long stopMs, boolean sending, boolean receiving) {
    between(
        atMs,
        stopMs,
        "cut of " + slot + (sending ? " sending" : "") + (receiving ? " receiving" : ""),
        () -> engine.cut(slot, sending, receiving),
        () -> engine.mend(slot));
  }

  private void stall(int first, int end, long atMs, long stopMs) {
    between(
        atMs,
        stopMs,
        "stall from " + first + " to " + (end - 1),
        () -> IntStream.range(first, end).forEach(engine::stall),
        () ->
            IntStream.range(first, end)
                .forEach(slot -> {
                  engine.mend(slot);
                  simulation.node(slot).wasStalled(atMs);
                }));
  }

  private void between(long atMs, long stopMs, String what, Runnable begin, Runnable stop) {
    world.at(
        atMs,
        () -> {
          world.trace("begin: " + what);
          begin.run();
        });
    world.at(
        stopMs,
        () -> {
          world.trace("stop: " + what);
          stop.run();
        });
  }

  /// One node after the other hears and is heard late.
  void scheduleLags(long endMs) {
    long atMs = 2_000 + random.nextLong(5_000);
    while (atMs < endMs - 5_000) {
      long beginMs = atMs;
      long stopMs = Math.min(atMs + 2_000 + random.nextLong(30_000), endMs);
      int slot = random.nextInt(slots);
      boolean isGrowing = random.nextBoolean();
      between(
          beginMs,
          stopMs,
          "lag of " + slot + (isGrowing ? ", growing" : ""),
          () -> engine.lag(slot, isGrowing),
          () -> {
            engine.mend(slot);
            simulation.node(slot).wasStalled(beginMs);
          });
      atMs = stopMs + random.nextLong(MAX_PAUSE_MS);
    }
  }

  /// The engine is down again and again.
  void scheduleOutages(long endMs) {
    long atMs = 5_000 + random.nextLong(5_000);
    while (atMs < endMs - 5_000) {
      long stopMs = Math.min(atMs + random.nextLong(60_000), endMs);
      schedule(0, 0, atMs, stopMs);
      atMs = stopMs + random.nextLong(MAX_PAUSE_MS);
    }
  }

  /// Kills that leave time to notice them.
  void scheduleKills(long endMs) {
    for (long atMs = 5_000; atMs < endMs - 20_000; atMs += 9_000 + random.nextLong(20_000)) {
      int slot = random.nextInt(slots);
      world.at(atMs, () -> simulation.kill(slot));
      world.at(atMs + 200 + random.nextLong(15_000), () -> simulation.boot(slot));
    }
  }

  /// Orderly restarts of one node after the other.
  void scheduleRestarts(long endMs) {
    for (long atMs = 5_000; atMs < endMs - 20_000; atMs += 9_000 + random.nextLong(20_000)) {
      int slot = random.nextInt(slots);
      world.at(atMs, () -> simulation.shutDown(slot));
      world.at(atMs + 3_000 + random.nextLong(10_000), () -> simulation.boot(slot));
    }
  }
}
