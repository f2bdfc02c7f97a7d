package dev.fanfare.sql;

import java.util.Collection;
import java.util.List;

/// The table, as [Directory] needs it. Used by one thread at a time.
interface AppTable extends AutoCloseable {

  /// The rows with one of these ids or keys, and those that share the key of one with such an id; a
  /// row may occur more than once. One query. Blocks for some seconds at most.
  List<AppRow> find(Collection<String> ids, Collection<String> keys) throws DatabaseException;

  /// Ends all connections.
  @Override
  void close();
}
