package dev.fanfare.console;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The last rows of one sort. Written by one thread, read by any.
final class RowRing {

  /// A row with its number among all rows.
  record Entry(long id, Row row) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final int size;

  RowRing(int size) {
    this.size = size;
  }

  synchronized void add(Entry entry) {
    if (entries.size() == size) {
      entries.removeFirst();
    }
    entries.addLast(entry);
  }

  /// Those that are selected, oldest first.
  synchronized List<Entry> all(Predicate<Row> selected) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (selected.test(entry.row())) {
        found.add(entry);
      }
    }
    return found;
  }
}
