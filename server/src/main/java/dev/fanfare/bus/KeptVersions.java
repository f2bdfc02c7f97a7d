package dev.fanfare.bus;

import java.util.Arrays;

/// The versions of the events that a cache channel has kept on any node. A version is a counter
/// above the origin of the node that chose it, so no two nodes choose the same. Nodes that know of
/// each other's events count on; others are ordered by their wall clocks.
///
/// Not thread-safe; guarded by the channel's entry.
public final class KeptVersions {

  private static final int ORIGIN_BITS = 20;
  private static final long ORIGINS = (1L << ORIGIN_BITS) - 1;

  /// Versions of more origins are not remembered.
  private static final int MAX_ORIGINS = 16;

  private static final long[] NONE = new long[0];

  private final long origin;

  /// The highest of each origin, in ascending order.
  private long[] latest = NONE;

  /// @param origin distinguishes this node's versions; a random number
  public KeptVersions(int origin) {
    this.origin = origin & ORIGINS;
  }

  /// The version of the event that the channel keeps or has kept; 0 for none.
  public long highest() {
    return latest.length == 0 ? 0 : latest[latest.length - 1];
  }

  /// Chooses a version for an event of this node.
  public long next(long wallMs) {
    long counter = Math.max((highest() >> ORIGIN_BITS) + 1, wallMs);
    long version = counter << ORIGIN_BITS | origin;
    add(version);
    return version;
  }

  /// Takes in the version of an event.
  ///
  /// @return false if this one, or a later one of the same origin, is known
  public boolean add(long version) {
    long[] next = new long[latest.length + 1];
    int size = 0;
    for (long known : latest) {
      if ((known & ORIGINS) != (version & ORIGINS)) {
        next[size++] = known;
      } else if (known >= version) {
        return false;
      }
    }
    next[size++] = version;
    Arrays.sort(next, 0, size);
    latest = Arrays.copyOfRange(next, Math.max(0, size - MAX_ORIGINS), size);
    return true;
  }
}
