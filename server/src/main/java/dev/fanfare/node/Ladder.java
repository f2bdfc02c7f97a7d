package dev.fanfare.node;

import dev.fanfare.observe.Shedding.Level;

/// Turns the pressure on one resource into a level of load shedding. A level that was reached ends
/// only once the pressure is clearly lower, so that it does not flap. Confined to one thread.
final class Ladder {

  private static final Level[] LEVELS = Level.values();

  private final double[] reached;
  private final double[] left;
  private final int steps;
  private int level;

  /// @param reached the pressures from which on connections, subscriptions and publishes are
  ///   refused
  /// @param left the pressures below which they are accepted again
  /// @param steps how many levels one reading may climb
  Ladder(double[] reached, double[] left, int steps) {
    this.reached = reached.clone();
    this.left = left.clone();
    this.steps = steps;
  }

  /// Takes a new reading and returns the level from now on.
  Level update(double pressure) {
    int highest = level;
    while (highest < reached.length && pressure >= reached[highest]) {
      highest++;
    }
    level = Math.min(highest, level + steps);
    while (level > 0 && pressure < left[level - 1]) {
      level--;
    }
    return LEVELS[level];
  }
}
