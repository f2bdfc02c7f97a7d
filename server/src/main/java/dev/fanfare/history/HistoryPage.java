package dev.fanfare.history;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of the events of a channel, as the HTTP API lists them.
///
/// @param events in the direction of the query
/// @param isComplete false if events after the query's lower bound have been dropped
/// @param next where the next page begins; null if there is none
public record HistoryPage(List<StoredEvent> events, boolean isComplete, @Nullable EventId next) {

  /// A page ends after that many bytes on the heap.
  private static final int MAX_BYTES = 1 << 20;

  /// The page of a channel that keeps nothing.
  public static HistoryPage empty(Query query) {
    return new HistoryPage(List.of(), query.after() == null, null);
  }

  /// The page of a query.
  ///
  /// @param kept what is kept, oldest first
  public static HistoryPage of(
      List<StoredEvent> kept, Query query, boolean isComplete, long nowNs) {
    List<StoredEvent> page = new ArrayList<>();
    long bytes = 0;
    for (StoredEvent event : query.isForwards() ? kept : kept.reversed()) {
      if (!query.isBelow(event.id()) || !query.isAbove(event.id()) || event.isOver(nowNs)) {
        continue;
      }
      bytes += event.bytes();
      if (page.size() == query.limit() || (bytes > MAX_BYTES && !page.isEmpty())) {
        return new HistoryPage(page, isComplete, page.getLast().id());
      }
      page.add(event);
    }
    return new HistoryPage(page, isComplete, null);
  }

  /// Which events to list; the bounds are exclusive.
  ///
  /// @param limit the most events
  /// @param isForwards oldest first
  /// @param before null for none
  /// @param after null for none
  public record Query(
      int limit, boolean isForwards, @Nullable EventId before, @Nullable EventId after) {

    /// The most events of one page.
    public static final int MAX_LIMIT = 1_000;

    private static final int DEFAULT_LIMIT = 100;

    /// The newest events.
    public static final Query NEWEST = new Query(DEFAULT_LIMIT, false, null, null);

    /// True if it is before the upper bound.
    public boolean isBelow(EventId id) {
      return before == null || id.compareTo(before) < 0;
    }

    /// True if it is after the lower bound.
    public boolean isAbove(EventId id) {
      return after == null || id.compareTo(after) > 0;
    }
  }
}
