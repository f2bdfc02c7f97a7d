package dev.fanfare.loadtest.client;

/// The time of the last read, so that a thousand messages of one read cost one clock reading.
/// Confined to the loop's thread.
public final class TurnClock {

  private long nowNs = System.nanoTime();

  public long nowNs() {
    return nowNs;
  }

  long tick() {
    nowNs = System.nanoTime();
    return nowNs;
  }
}
