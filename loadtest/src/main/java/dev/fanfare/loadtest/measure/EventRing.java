package dev.fanfare.loadtest.measure;

/// How many deliveries each event that is under way still lacks, and when it was to be sent. Events
/// are numbered from 0 over the whole run; the ring holds the last ones. Confined to one thread.
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

  /// Enters an event on its way to so many receivers.
  public void open(int event, int receivers, long intended) {
    lacking[event & mask] = receivers;
    intendedNs[event & mask] = intended;
    if (receivers > 0) {
      undelivered++;
    }
  }

  /// When an event that is under way was to be sent.
  public long intendedNs(int event) {
    return intendedNs[event & mask];
  }

  /// Enters one delivery; true if it was the event's last.
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

  /// Events that some receiver has not got yet.
  public int undelivered() {
    return undelivered;
  }

  /// Events that all receivers have got.
  public long completed() {
    return completed;
  }
}
