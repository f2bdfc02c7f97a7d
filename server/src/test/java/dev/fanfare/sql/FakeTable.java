package dev.fanfare.sql;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A table in memory that counts its queries and can be away.
final class FakeTable implements AppTable {

  final Map<String, AppRow> rows = new TreeMap<>();
  final List<Integer> asked = new ArrayList<>();
  boolean isAway;

  /// True if changes are numbered.
  boolean isCounted;

  long version;

  /// True if there is a database, but no table in it.
  boolean isAbsent;

  /// True if there is no number.
  boolean isMissing;

  /// How often the number was asked for.
  int versions;

  /// What goes wrong on purpose.
  boolean ignoresRange;

  boolean ignoresDeletions;

  /// Runs after the number was read.
  @Nullable Runnable afterVersion;

  /// The rows that were read because they have changed.
  final List<String> followed = new ArrayList<>();

  /// Runs within a query, after its rows were read.
  @Nullable Runnable meanwhile;

  void put(String id, String key, String secret) {
    version++;
    String number = String.valueOf(version);
    rows.put(
        id, new AppRow(id, key, Map.of("id", id, "key", key, "secret", secret, "version", number)));
  }

  void delete(String id) {
    if (rows.remove(id) != null && !ignoresDeletions) {
      version++;
    }
  }

  @Override
  public boolean isCounted() {
    return isCounted;
  }

  @Override
  public long version() throws DatabaseException {
    checkThere();
    versions++;
    long read = isMissing || isAbsent ? UNCOUNTED : version;
    Runnable then = afterVersion;
    if (then != null) {
      then.run();
    }
    return read;
  }

  @Override
  public List<AppRow> changed(long after, long last) throws DatabaseException {
    checkThere();
    List<AppRow> found =
        rows.values().stream()
            .filter(row -> number(row) > after && (ignoresRange || number(row) <= last))
            .toList();
    found.forEach(row -> followed.add(row.id()));
    return found;
  }

  private static long number(AppRow row) {
    return Long.parseLong(row.columns().getOrDefault("version", "0"));
  }

  private void checkThere() throws DatabaseException {
    if (isAway) {
      throw new DatabaseException("away", new IllegalStateException());
    }
  }

  @Override
  public List<AppRow> find(Collection<String> ids, Collection<String> keys)
      throws DatabaseException {
    asked.add(ids.size() + keys.size());
    checkThere();
    if (isAbsent) {
      throw new DatabaseException("no such table", new IllegalStateException());
    }
    Set<String> wanted = new HashSet<>(keys);
    rows.values().stream().filter(row -> ids.contains(row.id())).forEach(r -> wanted.add(r.key()));
    List<AppRow> found =
        rows.values().stream()
            .filter(row -> ids.contains(row.id()) || wanted.contains(row.key()))
            .toList();
    if (meanwhile != null) {
      meanwhile.run();
    }
    return found;
  }

  @Override
  public void close() {}
}
