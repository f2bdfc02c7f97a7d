package dev.fanfare.webhook.outbox;

/// A queue of ids that needs eight bytes for each, however many wait. Not thread-safe.
public final class IdQueue {

  private static final int FIRST_CAPACITY = 16;

  private long[] ring = new long[FIRST_CAPACITY];
  private int head;
  private int size;

  public boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  public void addLast(long id) {
    grow();
    ring[(head + size) & (ring.length - 1)] = id;
    size++;
  }

  public void addFirst(long id) {
    grow();
    head = (head - 1) & (ring.length - 1);
    ring[head] = id;
    size++;
  }

  /// The oldest id; only if there is one.
  public long first() {
    checkNotEmpty();
    return ring[head];
  }

  /// Removes the oldest id; only if there is one.
  public long removeFirst() {
    checkNotEmpty();
    long id = ring[head];
    head = (head + 1) & (ring.length - 1);
    size--;
    shrink();
    return id;
  }

  /// Removes the newest id; only if there is one.
  public long removeLast() {
    checkNotEmpty();
    size--;
    long id = ring[(head + size) & (ring.length - 1)];
    shrink();
    return id;
  }

  private void checkNotEmpty() {
    if (size == 0) {
      throw new IllegalStateException("the queue is empty");
    }
  }

  private void grow() {
    if (size == ring.length) {
      resize(ring.length * 2);
    }
  }

  private void shrink() {
    if (size < ring.length / 4 && ring.length > FIRST_CAPACITY) {
      resize(ring.length / 2);
    }
  }

  private void resize(int capacity) {
    long[] next = new long[capacity];
    for (int i = 0; i < size; i++) {
      next[i] = ring[(head + i) & (ring.length - 1)];
    }
    ring = next;
    head = 0;
  }
}
