package dev.fanfare.loadtest.measure;

import java.util.OptionalLong;

/// What a server holds at one moment, in bytes.
///
/// @param rss resident memory
/// @param heap of a JVM, its live objects after a full collection
/// @param direct of a JVM, its direct buffers after that collection; others' native memory is not
///   in it
public record Memory(long rss, OptionalLong heap, OptionalLong direct) {

  private static final double GROWTH = 0.10;
  private static final long SLACK = 8_000_000;

  /// The heap that may be live when everybody has left who came since: a tenth and 8 MB more than
  /// now, for code that has run for the first time leaves tables behind.
  public OptionalLong heapAllowance() {
    return heap.isPresent()
        ? OptionalLong.of((long) (heap.getAsLong() * (1 + GROWTH)) + SLACK)
        : OptionalLong.empty();
  }

  /// True if the live heap is known to have grown from what it was by more than is allowed.
  public boolean hasLeakedSince(Memory before) {
    OptionalLong allowed = before.heapAllowance();
    return allowed.isPresent() && heap.isPresent() && heap.getAsLong() > allowed.getAsLong();
  }
}
