package dev.fanfare.sql;

import java.util.List;
import java.util.concurrent.TimeUnit;

/// Finds out what has changed in a table that counts its changes, so that not all apps in memory
/// must be read again and again. Each change of a row sets its version to the next number, and a
/// deletion uses one up: if there are fewer rows between two numbers than numbers, all are read.
/// What nothing counts, such as `TRUNCATE`, is found within a minute. Confined to the directory's
/// thread.
final class Versions {

  static final long CHECK_NS = TimeUnit.SECONDS.toNanos(1);
  static final long ALL_NS = TimeUnit.MINUTES.toNanos(1);

  /// Changes that are read row by row.
  static final int MAX_CHANGES = 1_000;

  /// What the newest number says.
  enum News {
    /// All in memory is as the table has it.
    NOTHING,
    /// Some rows have changed, which [#rows] returns.
    ROWS,
    /// All apps in memory must be read.
    ALL
  }

  private final AppTable table;

  /// Everything up to this number is in memory.
  private long seen = AppTable.UNCOUNTED;

  /// The number when what is about to be applied was read.
  private long newest = AppTable.UNCOUNTED;

  /// When all were read last.
  private long allNs;

  /// True if there was no number when it was asked for last, which was then.
  private boolean isMissing;

  private long missingNs;

  Versions(AppTable table) {
    this.table = table;
  }

  /// How often to look for changes, in nanoseconds.
  long everyNs() {
    return isFollowing() ? CHECK_NS : Directory.REFRESH_NS;
  }

  private boolean isFollowing() {
    return table.isCounted() && !isMissing;
  }

  /// True if [#check] is worth a query: a number that was missing is asked for once per minute.
  boolean isDue(long nowNs) {
    return isFollowing() || (table.isCounted() && nowNs - missingNs >= ALL_NS);
  }

  /// Reads the newest number. One query.
  News check(long nowNs) throws DatabaseException {
    newest = table.version();
    isMissing = newest == AppTable.UNCOUNTED;
    if (isMissing) {
      missingNs = nowNs;
      return News.ALL;
    }
    if (seen == AppTable.UNCOUNTED
        || nowNs - allNs >= ALL_NS
        || newest < seen
        || newest - seen > MAX_CHANGES) {
      return News.ALL;
    }
    return newest == seen ? News.NOTHING : News.ROWS;
  }

  /// The rows that have changed since [#applied], up to the number of [#check]; of apps in memory
  /// and of others. One query.
  List<AppRow> rows() throws DatabaseException {
    return table.changed(seen, newest);
  }

  /// False if some of the changes were deletions, or rows have changed again.
  boolean isComplete(List<AppRow> rows) {
    return rows.size() == newest - seen;
  }

  /// The changes are in memory.
  void applied() {
    seen = newest;
  }

  /// All apps in memory were read, after [#check] if that was due.
  void appliedAll(long nowNs) {
    seen = newest;
    allNs = nowNs;
  }
}
