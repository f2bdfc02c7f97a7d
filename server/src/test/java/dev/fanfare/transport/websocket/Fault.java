package dev.fanfare.transport.websocket;

/// A counter that throws once, at its n-th step.
public final class Fault {

  /// What it throws: an Error, as when a buffer cannot be had.
  public static final class Injected extends Error {
    private static final long serialVersionUID = 1;

    Injected(int step) {
      super("injected at step " + step);
    }
  }

  private final int at;
  private int steps;

  /// @param at the step that fails, from 1; 0 for none
  public Fault(int at) {
    this.at = at;
  }

  public void step() {
    steps++;
    if (steps == at) {
      throw new Injected(steps);
    }
  }

  /// Steps so far.
  public int steps() {
    return steps;
  }
}
