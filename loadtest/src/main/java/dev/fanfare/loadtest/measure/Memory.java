package dev.fanfare.loadtest.measure;

import java.util.OptionalLong;

/// Memory of a server at one moment, in bytes.
///
/// @param rss resident memory
/// @param heap of a JVM, its live objects after a full collection
/// @param direct of a JVM, its direct buffers after that collection; other native memory is not
///   included
public record Memory(long rss, OptionalLong heap, OptionalLong direct) {

  private static final double GROWTH = 0.10;
  private static final long SLACK = 8_000_000;

  /// The live heap allowed after all clients have left: a tenth and 8 MB more than now, because
  /// code that runs for the first time leaves tables behind.
  public OptionalLong heapAllowance() {
    return heap.isPresent()
        ? OptionalLong.of((long) (heap.getAsLong() * (1 + GROWTH)) + SLACK)
        : OptionalLong.empty();
  }

  /// True if the live heap is known and has grown by more than is allowed.
  public boolean hasLeakedSince(Memory before) {
    OptionalLong allowed = before.heapAllowance();
    return allowed.isPresent() && heap.isPresent() && heap.getAsLong() > allowed.getAsLong();
  }
}
