package dev.fanfare.transport;

/// A counter that throws once, at its n-th step.
final class Fault {

  /// What it throws: an Error, as when a buffer cannot be had.
  static final class Injected extends Error {
    private static final long serialVersionUID = 1;

    Injected(int step) {
      super("injected at step " + step);
    }
  }

  private final int at;
  private int steps;

  /// @param at the step that fails, from 1; 0 for none
  Fault(int at) {
    this.at = at;
  }

  void step() {
    steps++;
    if (steps == at) {
      throw new Injected(steps);
    }
  }

  /// Steps so far.
  int steps() {
    return steps;
  }
}
