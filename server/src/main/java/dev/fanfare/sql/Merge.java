package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.Lookup;
import dev.fanfare.protocol.Parsed;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is in memory after a query. Confined to the directory's thread.
final class Merge {

  private final CurrentApps current;
  private final Readings readings;
  private final Map<String, App> apps = new LinkedHashMap<>();
  private final Map<Name, String> refused = new HashMap<>();
  private final Set<String> fresh = new HashSet<>();

  Merge(CurrentApps current, Readings readings) {
    this.current = current;
    this.readings = readings;
  }

  /// By id; may be changed.
  Map<String, App> apps() {
    return apps;
  }

  /// Adds what was read, of all rows with these ids and perhaps others. False if two apps would
  /// then share a key, because one of them has another key by now.
  boolean add(List<AppRow> rows, Set<String> ids) {
    current.known().forEach(app -> apps.put(app.id(), app));
    Map<String, String> shadowed = new HashMap<>();
    Map<String, AppRow> counting = readings.counting(rows, shadowed);
    shadowed.forEach((id, reason) -> refused.put(new Name(false, id), reason));
    ids.stream().filter(id -> !counting.containsKey(id)).forEach(apps::remove);
    counting.values().forEach(this::add);
    Map<String, String> idByKey = new HashMap<>();
    boolean isUnique = true;
    for (App app : List.copyOf(apps.values())) {
      String other = idByKey.putIfAbsent(app.key(), app.id());
      if (other != null) {
        isUnique = false;
        apps.remove(fresh.contains(app.id()) ? other : app.id());
        idByKey.put(app.key(), fresh.contains(app.id()) ? app.id() : other);
      }
    }
    return isUnique;
  }

  /// An app in memory keeps its options if its row is wrong, as after a reload that fails.
  private void add(AppRow row) {
    switch (readings.read(row)) {
      case Parsed.Ok<App>(App app) -> {
        apps.put(row.id(), app);
        fresh.add(row.id());
      }
      case Parsed.Bad(String reason) -> refuse(row.id(), row.key(), reason);
    }
  }

  void refuse(String id, String key, String reason) {
    refused.put(new Name(false, id), reason);
    refused.put(new Name(true, key), reason);
  }

  /// The answer for a name that no app in memory has.
  Lookup.Settled absent(Name name) {
    String reason = refused.get(name);
    return reason == null
        ? Lookup.Unknown.UNKNOWN
        : new Lookup.Failed("its row in the database is not used: " + reason);
  }
}
