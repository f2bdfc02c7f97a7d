package dev.fanfare.transport.websocket;

/// A counter that throws once, at its n-th step, or as sabotage fails there without a trace.
public final class Fault {

  /// What it throws: an Error, as when a buffer cannot be had.
  public static final class Injected extends Error {
    private static final long serialVersionUID = 1;

    Injected(int step) {
      super("injected at step " + step);
    }
  }

  private final int at;
  private final boolean isSilent;
  private int steps;

  /// @param at the step that fails, from 1; 0 for none
  public Fault(int at) {
    this(at, false);
  }

  private Fault(int at, boolean isSilent) {
    this.at = at;
    this.isSilent = isSilent;
  }

  /// A fault that only the invariants can notice: what is written at that step is lost.
  public static Fault silent(int at) {
    return new Fault(at, true);
  }

  /// Counts a step; true if it is to be lost.
  public boolean step() {
    steps++;
    if (steps != at) {
      return false;
    }
    if (isSilent) {
      return true;
    }
    throw new Injected(steps);
  }

  /// Steps so far.
  public int steps() {
    return steps;
  }

  @Override
  public String toString() {
    return "fault at step " + at;
  }
}
