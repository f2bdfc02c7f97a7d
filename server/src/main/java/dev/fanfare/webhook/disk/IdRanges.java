package dev.fanfare.webhook.disk;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/// A set of ids. Consecutive ids share one range, so they need little memory. Not thread-safe.
final class IdRanges {

  /// The first id of each range, and its last.
  private final NavigableMap<Long, Long> ranges = new TreeMap<>();

  boolean contains(long id) {
    Map.Entry<Long, Long> range = ranges.floorEntry(id);
    return range != null && range.getValue() >= id;
  }

  void add(long id) {
    if (contains(id)) {
      return;
    }
    Map.Entry<Long, Long> before = ranges.floorEntry(id);
    Long after = ranges.remove(id + 1);
    long last = after == null ? id : after;
    if (before != null && before.getValue() == id - 1) {
      ranges.put(before.getKey(), last);
    } else {
      ranges.put(id, last);
    }
  }

  /// The lowest id above `id` that is not in the set.
  long nextMissing(long id) {
    Map.Entry<Long, Long> range = ranges.floorEntry(id + 1);
    return range == null || range.getValue() <= id ? id + 1 : range.getValue() + 1;
  }

  /// The first id of each range, and its last.
  NavigableMap<Long, Long> ranges() {
    return ranges;
  }
}
