package dev.fanfare.loadtest.measure;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What one subscriber of one channel has received, by publisher: every sequence number exactly
/// once and in order, or the deviations. Exact: a skipped number is remembered until it arrives
/// late (out of order) or the run ends (lost). Confined to one thread.
public final class SequenceLedger {

  /// The number expected next, by publisher.
  private final int[] next;

  /// Skipped numbers: publisher and first number (see [#key]) to the number after the last. `null`
  /// as long as there are none.
  private @Nullable NavigableMap<Long, Integer> gaps;

  private long missing;
  private long duplicated;
  private long outOfOrder;
  private long foreign;

  public SequenceLedger(int publishers) {
    next = new int[publishers];
  }

  /// Registers one arrival; false for a duplicate or an unknown publisher.
  public boolean accept(int publisher, int sequence) {
    if (publisher < next.length && next[publisher] == sequence) {
      next[publisher] = sequence + 1;
      return true;
    }
    return acceptUnexpected(publisher, sequence);
  }

  /// Messages that were sent and have not arrived.
  ///
  /// @param sent how many numbers the publisher has used on this channel
  public long lost(int publisher, int sent) {
    long lost = Math.max(0, sent - next[publisher]);
    if (gaps != null) {
      for (var gap : gaps.subMap(key(publisher, 0), key(publisher + 1, 0)).entrySet()) {
        lost += gap.getValue() - first(gap.getKey());
      }
    }
    return lost;
  }

  /// Skipped numbers that have not arrived yet.
  public long missing() {
    return missing;
  }

  /// Arrivals of a number that had arrived before.
  public long duplicated() {
    return duplicated;
  }

  /// Arrivals after a later number of the same publisher.
  public long outOfOrder() {
    return outOfOrder;
  }

  /// Arrivals from publishers that this run does not have, or on a channel without a subscription.
  public long foreign() {
    return foreign;
  }

  /// Registers an arrival on a channel without a subscription.
  public void acceptForeign() {
    foreign++;
  }

  private boolean acceptUnexpected(int publisher, int sequence) {
    if (publisher >= next.length) {
      foreign++;
      return false;
    }
    if (gaps == null) {
      gaps = new TreeMap<>();
    }
    if (sequence > next[publisher]) {
      gaps.put(key(publisher, next[publisher]), sequence);
      missing += sequence - next[publisher];
      next[publisher] = sequence + 1;
      return true;
    }
    return acceptLate(gaps, publisher, sequence);
  }

  private boolean acceptLate(NavigableMap<Long, Integer> open, int publisher, int sequence) {
    Map.Entry<Long, Integer> gap = open.floorEntry(key(publisher, sequence));
    if (gap == null || gap.getKey() >> 32 != publisher || sequence >= gap.getValue()) {
      duplicated++;
      return false;
    }
    outOfOrder++;
    missing--;
    open.remove(gap.getKey());
    if (first(gap.getKey()) < sequence) {
      open.put(gap.getKey(), sequence);
    }
    if (sequence + 1 < gap.getValue()) {
      open.put(key(publisher, sequence + 1), gap.getValue());
    }
    return true;
  }

  private static long key(int publisher, int sequence) {
    return (long) publisher << 32 | sequence;
  }

  private static int first(long key) {
    return (int) key;
  }
}
