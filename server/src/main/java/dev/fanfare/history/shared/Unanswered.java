package dev.fanfare.history.shared;

import dev.fanfare.history.MemoryStore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The publishes that wait for the engine, within bounds, and in the memory for history. Any
/// thread.
final class Unanswered {

  /// Above that, publishers are asked to wait.
  static final int MAX = 2_048;

  static final long MAX_BYTES = 16L << 20;

  private final MemoryStore memory;
  private final AtomicInteger count = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  Unanswered(MemoryStore memory) {
    this.memory = memory;
  }

  /// A publish waits.
  ///
  /// @param size bytes
  void enter(int size) {
    count.incrementAndGet();
    bytes.addAndGet(size);
    memory.hold(size);
  }

  /// It has been answered.
  void exit(int size) {
    count.decrementAndGet();
    bytes.addAndGet(-size);
    memory.release(size);
  }

  /// True if no other may be accepted now.
  boolean isFull() {
    return count.get() >= MAX || bytes.get() >= MAX_BYTES;
  }

  int count() {
    return count.get();
  }
}
