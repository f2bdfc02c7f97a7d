package dev.fanfare.console.row;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  public void add(Entry entry) {
    var _ = replace(entry);
  }

  /// Adds a row; returns the one that is forgotten for it, null if there is room.
  public synchronized @Nullable Entry replace(Entry entry) {
    Entry oldest = entries.size() == size ? entries.removeFirst() : null;
    entries.addLast(entry);
    added++;
    return oldest;
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
