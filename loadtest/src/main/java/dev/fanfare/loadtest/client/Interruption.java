package dev.fanfare.loadtest.client;

/// A request to end the run early and report what was measured so far, made by Ctrl-C. Thread-safe.
public final class Interruption {

  private volatile boolean requested;

  public void request() {
    requested = true;
  }

  public boolean isRequested() {
    return requested;
  }
}
