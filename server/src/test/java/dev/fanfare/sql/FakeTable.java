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

  /// Runs within a query, after its rows were read.
  @Nullable Runnable meanwhile;

  void put(String id, String key, String secret) {
    rows.put(id, new AppRow(id, key, Map.of("id", id, "key", key, "secret", secret)));
  }

  @Override
  public List<AppRow> find(Collection<String> ids, Collection<String> keys)
      throws DatabaseException {
    asked.add(ids.size() + keys.size());
    if (isAway) {
      throw new DatabaseException("away", new IllegalStateException());
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
