package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.h2.mvstore.MVMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Reads all records of a map that may be damaged, in the order of their keys: skips pages that
/// cannot be read, and records that are not valid, and counts them. For one use.
///
/// @param <T> the record
final class RecordWalk<T> {

  private static final Logger log = Component.WEBHOOKS.logger();

  private static final int SLICE = 100;

  /// A gap between readable keys is not wider than this.
  private static final long MAX_STEP = 1L << 40;

  private final MVMap<Long, T> map;
  private final BiFunction<Long, @Nullable T, @Nullable T> validity;
  private int failures;

  /// @param validity returns the record of a key, or null if it is not valid
  RecordWalk(MVMap<Long, T> map, BiFunction<Long, @Nullable T, @Nullable T> validity) {
    this.map = map;
    this.validity = validity;
  }

  /// How many pages or records could not be read.
  int failures() {
    return failures;
  }

  /// Passes on all readable records, some at a time.
  void forEachSlice(Consumer<List<T>> action) {
    List<T> slice = new ArrayList<>();
    forEachKey(key -> {
      T record = validity.apply(key, map.get(key));
      if (record == null) {
        failures++;
        return;
      }
      slice.add(record);
      if (slice.size() == SLICE) {
        action.accept(List.copyOf(slice));
        slice.clear();
      }
    });
    action.accept(List.copyOf(slice));
  }

  /// Passes on the keys of all readable pages.
  void forEachKey(LongConsumer action) {
    long from = 0;
    while (true) {
      Long key;
      try {
        key = map.ceilingKey(from);
      } catch (RuntimeException e) {
        log.debug("a page cannot be read", e);
        failures++;
        from = afterGap(from);
        if (from < 0) {
          return;
        }
        continue;
      }
      if (key == null) {
        return;
      }
      action.accept(key);
      from = key + 1;
    }
  }

  /// The lowest id above `from` at which the map can be read again; -1 if there is none.
  private long afterGap(long from) {
    long step = 1;
    while (!isReadable(from + step)) {
      step *= 2;
      if (step > MAX_STEP) {
        return -1;
      }
    }
    long unreadable = from + step / 2;
    long readable = from + step;
    while (readable - unreadable > 1) {
      long middle = (unreadable + readable) >>> 1;
      if (isReadable(middle)) {
        readable = middle;
      } else {
        unreadable = middle;
      }
    }
    return readable;
  }

  private boolean isReadable(long from) {
    try {
      var _ = map.ceilingKey(from);
      return true;
    } catch (RuntimeException e) {
      return false;
    }
  }
}
