package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.ReceivedItem;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The link from another node: how far it was applied, and what has arrived too early. Confined to
/// one thread.
final class InLink {

  /// An item whose time is known on this node's clock. It is computed when the datagram arrives: an
  /// item that waits here keeps the times of the datagram that it came in.
  ///
  /// @param asOfNs when it was decided, at the latest
  /// @param sinceNs of interest: when the oldest subscription was made, at the earliest
  record Pending(ReceivedItem item, long asOfNs, long sinceNs, int bytes) {}

  static final int MAX_BUFFERED = 10_000;

  /// More than a sender's window.
  static final long MAX_BUFFERED_BYTES = 16L << 20;

  private final TreeMap<Long, Pending> buffer = new TreeMap<>();
  private long bufferedBytes;

  /// 0 if nothing is held of that node.
  private long generation;

  private long expected;

  /// What was applied before the node was dropped.
  private long lastGeneration;

  private long lastExpected;

  long generation() {
    return generation;
  }

  long expected() {
    return expected;
  }

  boolean isNone() {
    return generation == 0;
  }

  /// The generation to report: the present one or the last.
  long reportedGeneration() {
    return generation == 0 ? lastGeneration : generation;
  }

  long reportedExpected() {
    return generation == 0 ? lastExpected : expected;
  }

  /// As it was when the node was forgotten.
  void restore(long formerGeneration, long formerExpected) {
    lastGeneration = formerGeneration;
    lastExpected = formerExpected;
  }

  /// True if a datagram of this generation would begin a new link.
  boolean isNewer(long other) {
    return other > Math.max(generation, lastGeneration);
  }

  /// A new generation begins, at its number 0.
  void open(long newGeneration) {
    generation = newGeneration;
    expected = 0;
    buffer.clear();
    bufferedBytes = 0;
  }

  /// Holds nothing any more; the next generation begins with a snapshot.
  void drop() {
    if (generation > lastGeneration) {
      lastGeneration = generation;
      lastExpected = expected;
    }
    generation = 0;
    expected = 0;
    buffer.clear();
    bufferedBytes = 0;
  }

  /// Keeps an item until it is its turn, if there is room; otherwise it will be sent again.
  void offer(long number, Pending pending) {
    if (number >= expected
        && number - expected < MAX_BUFFERED
        && (bufferedBytes + pending.bytes() <= MAX_BUFFERED_BYTES || number == expected)
        && buffer.putIfAbsent(number, pending) == null) {
      bufferedBytes += pending.bytes();
    }
  }

  /// The next item, or null if it has not arrived.
  @Nullable Pending peek() {
    return buffer.get(expected);
  }

  /// The next item was applied.
  void advance() {
    Pending applied = buffer.remove(expected);
    if (applied != null) {
      bufferedBytes -= applied.bytes();
    }
    expected++;
  }

  /// An item without waiting for its turn in the buffer.
  boolean isNext(long number) {
    return number == expected && buffer.isEmpty();
  }

  int buffered() {
    return buffer.size();
  }

  long bufferedBytes() {
    return bufferedBytes;
  }
}
