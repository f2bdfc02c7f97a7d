package dev.fanfare.history;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of the events of a channel, as the HTTP API lists them.
///
/// @param events in the direction of the query
/// @param isComplete false if events after the query's lower bound have been dropped
/// @param next where the next page begins; null if there is none
public record HistoryPage(List<StoredEvent> events, boolean isComplete, @Nullable EventId next) {

  /// The page of a channel that keeps nothing.
  public static HistoryPage empty(Query query) {
    return new HistoryPage(List.of(), query.after() == null, null);
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
