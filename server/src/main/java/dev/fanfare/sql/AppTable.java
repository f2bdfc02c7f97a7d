package dev.fanfare.sql;

import java.util.Collection;
import java.util.List;

/// The table, as [Directory] needs it. Used by one thread at a time.
interface AppTable extends AutoCloseable {

  /// No number.
  long UNCOUNTED = -1;

  /// The rows with one of these ids or keys, and those that share the key of one with such an id; a
  /// row may occur more than once. One query. Blocks for some seconds at most.
  List<AppRow> find(Collection<String> ids, Collection<String> keys) throws DatabaseException;

  /// True if the table counts its changes.
  default boolean isCounted() {
    return false;
  }

  /// The number of the newest change; [#UNCOUNTED] if the table has none. All changes up to it are
  /// visible. One query.
  default long version() throws DatabaseException {
    return UNCOUNTED;
  }

  /// The rows whose newest change is in a range. One query.
  ///
  /// @param after the number before the first one
  /// @param last the last one
  default List<AppRow> changed(long after, long last) throws DatabaseException {
    return List.of();
  }

  /// Ends all connections.
  @Override
  void close();
}
