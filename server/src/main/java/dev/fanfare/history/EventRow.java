package dev.fanfare.history;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Events in a row, oldest first: added at one end, removed at the other. Guarded by the lock of
/// [Ring].
final class EventRow {

  private static final @Nullable StoredEvent[] NONE = new StoredEvent[0];

  private @Nullable StoredEvent[] items = NONE;
  private int head;
  private int size;

  int size() {
    return size;
  }

  void add(StoredEvent event) {
    if (size == items.length) {
      resize(Math.max(4, size + (size >> 1)));
    }
    items[(head + size) % items.length] = event;
    size++;
  }

  StoredEvent at(int index) {
    StoredEvent event = items[(head + index) % items.length];
    if (event == null) {
      throw new IllegalStateException("no event at " + index + " of " + size);
    }
    return event;
  }

  /// Those from an index on, as long as nothing changes.
  List<StoredEvent> from(int first) {
    return new AbstractList<>() {
      @Override
      public StoredEvent get(int index) {
        return at(first + index);
      }

      @Override
      public int size() {
        return size - first;
      }
    };
  }

  /// Removes the events of which that is true.
  ///
  /// @return the bytes that they took
  long removeIf(Predicate<StoredEvent> condition) {
    long bytes = 0;
    List<StoredEvent> all = all();
    clear();
    for (StoredEvent event : all) {
      if (condition.test(event)) {
        bytes += event.bytes();
      } else {
        add(event);
      }
    }
    return bytes;
  }

  void clear() {
    items = NONE;
    head = 0;
    size = 0;
  }

  StoredEvent removeFirst() {
    StoredEvent oldest = at(0);
    items[head] = null;
    head = (head + 1) % items.length;
    size--;
    if (size == 0) {
      items = NONE;
      head = 0;
    } else if (size < items.length / 4) {
      resize(items.length / 2);
    }
    return oldest;
  }

  private void resize(int length) {
    @Nullable StoredEvent[] others = new StoredEvent[length];
    for (int i = 0; i < size; i++) {
      others[i] = at(i);
    }
    items = others;
    head = 0;
  }

  /// A copy.
  List<StoredEvent> all() {
    List<StoredEvent> all = new ArrayList<>(size);
    for (int i = 0; i < size; i++) {
      all.add(at(i));
    }
    return all;
  }

  /// The index of the first event that is younger than `maxAgeNs`.
  int firstFresh(long maxAgeNs, long nowNs) {
    int first = 0;
    while (first < size && nowNs - at(first).keptAtNs() >= maxAgeNs) {
      first++;
    }
    return first;
  }

  /// The index of the first event with a higher id.
  int firstAfter(EventId id) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).id().compareTo(id) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /// The index of the first event with a higher sequence.
  int firstAbove(long sequence) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (at(middle).sequence() > sequence) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
