package dev.fanfare.console.peers;

import java.util.Comparator;

/// A request between two nodes.
///
/// @param life of the other node
/// @param number that the asking node gave it
record RequestKey(long life, long number) implements Comparable<RequestKey> {

  private static final Comparator<RequestKey> ORDER =
      Comparator.comparingLong(RequestKey::life).thenComparingLong(RequestKey::number);

  @Override
  public int compareTo(RequestKey other) {
    return ORDER.compare(this, other);
  }
}
