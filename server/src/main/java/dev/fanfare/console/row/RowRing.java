package dev.fanfare.console.row;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// The last rows of one sort. Written by one thread, read by any.
public final class RowRing {

  /// A row with its number among those of its app.
  public record Entry(long id, Row row) {}

  private final ArrayDeque<Entry> entries = new ArrayDeque<>();
  private final int size;
  private long added;

  public RowRing(int size) {
    this.size = size;
  }

  public synchronized void add(Entry entry) {
    if (entries.size() == size) {
      entries.removeFirst();
    }
    entries.addLast(entry);
    added++;
  }

  /// How many were added so far.
  public synchronized long added() {
    return added;
  }

  /// Those that are selected, oldest first.
  public synchronized List<Entry> all(Predicate<Row> selected) {
    List<Entry> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (selected.test(entry.row())) {
        found.add(entry);
      }
    }
    return found;
  }
}
