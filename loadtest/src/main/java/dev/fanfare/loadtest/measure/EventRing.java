package dev.fanfare.loadtest.measure;

/// Outstanding deliveries and scheduled time of each incomplete event. Events are numbered from 0
/// over the whole run; the ring holds the last ones. Confined to one thread.
public final class EventRing {

  private final int[] lacking;
  private final long[] intendedNs;
  private final int mask;
  private int undelivered;
  private long completed;

  /// @param capacity events that may be incomplete at a time, a power of two
  public EventRing(int capacity) {
    lacking = new int[capacity];
    intendedNs = new long[capacity];
    mask = capacity - 1;
  }

  /// True if the slot of this event is free: the event `capacity` before it is complete.
  public boolean hasRoomFor(int event) {
    return lacking[event & mask] == 0;
  }

  /// Registers an event for this many receivers.
  public void open(int event, int receivers, long intended) {
    lacking[event & mask] = receivers;
    intendedNs[event & mask] = intended;
    if (receivers > 0) {
      undelivered++;
    }
  }

  /// The scheduled time of an incomplete event.
  public long intendedNs(int event) {
    return intendedNs[event & mask];
  }

  /// Registers one delivery; true if it was the event's last.
  public boolean deliver(int event) {
    int slot = event & mask;
    int left = lacking[slot] - 1;
    if (left < 0) {
      return false;
    }
    lacking[slot] = left;
    if (left > 0) {
      return false;
    }
    undelivered--;
    completed++;
    return true;
  }

  /// Events that at least one receiver has not received.
  public int undelivered() {
    return undelivered;
  }

  /// Events that all receivers have received.
  public long completed() {
    return completed;
  }
}
