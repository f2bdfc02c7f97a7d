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

  /// Longer histories forget their oldest part.
  private static final int MAX_REMEMBERED = 64;

  private static final long[] NONE = new long[0];

  private final long origin;

  /// The highest of each origin, in ascending order.
  private long[] latest = NONE;

  /// Versions that were kept before they were delivered, each followed by the channel's sequence at
  /// that moment, in the order of arrival. Of versions of one origin without a subscription between
  /// them, only the last. None that are older than every subscription.
  private long[] remembered = NONE;

  /// The latest versions when the oldest subscription was made.
  private long[] base = NONE;

  /// Where those since the last subscription begin.
  private int sinceJoin;

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
      if (!isSameOrigin(known, version)) {
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

  /// A subscription was made, which gets the kept event from the channel.
  ///
  /// @param isOnly there is no other on this node
  public void joined(boolean isOnly) {
    if (isOnly) {
      remembered = NONE;
      base = latest;
    }
    sinceJoin = remembered.length;
  }

  /// A version that was just added is kept, but its event has not been delivered: subscriptions
  /// that were made before may still get it from its publisher.
  ///
  /// @param sequence of the channel now; later subscriptions have a higher one
  public void remember(long version, long sequence) {
    for (int i = sinceJoin; i < remembered.length; i += 2) {
      if (isSameOrigin(remembered[i], version)) {
        remembered[i] = version;
        return;
      }
    }
    int from = remembered.length == 2 * MAX_REMEMBERED ? 2 : 0;
    sinceJoin = Math.max(0, sinceJoin - from);
    long[] next = Arrays.copyOfRange(remembered, from, remembered.length + 2);
    next[next.length - 2] = version;
    next[next.length - 1] = sequence;
    remembered = next;
  }

  /// The channel's sequence when this version, or a later one of its origin, was first kept without
  /// being delivered. Younger subscriptions were given it, or a newer one, from the channel. 0 if
  /// all subscriptions are younger, or it was not kept in that way.
  public long rememberedAt(long version) {
    for (long known : base) {
      if (isSameOrigin(known, version) && known >= version) {
        return 0;
      }
    }
    for (int i = 0; i < remembered.length; i += 2) {
      if (isSameOrigin(remembered[i], version) && remembered[i] >= version) {
        return remembered[i + 1];
      }
    }
    return 0;
  }

  private static boolean isSameOrigin(long one, long other) {
    return (one & ORIGINS) == (other & ORIGINS);
  }
}
