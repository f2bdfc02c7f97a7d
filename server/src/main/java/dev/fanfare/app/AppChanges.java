package dev.fanfare.app;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The difference between two sets of apps, by id.
///
/// @param changed apps with any difference
public record AppChanges(List<String> added, List<String> changed, List<String> removed) {

  public AppChanges {
    added = List.copyOf(added);
    changed = List.copyOf(changed);
    removed = List.copyOf(removed);
  }

  /// Compares two sets of apps.
  public static AppChanges between(Collection<App> before, Collection<App> after) {
    Map<String, App> old = new LinkedHashMap<>();
    before.forEach(app -> old.put(app.id(), app));
    List<String> added = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    for (App app : after) {
      App was = old.remove(app.id());
      if (was == null) {
        added.add(app.id());
      } else if (!was.equals(app)) {
        changed.add(app.id());
      }
    }
    return new AppChanges(added, changed, List.copyOf(old.keySet()));
  }

  /// For logs: `added 3; changed 1, 2`. Contains no secret.
  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    part("added", added, parts);
    part("changed", changed, parts);
    part("removed", removed, parts);
    return parts.isEmpty() ? "no app changed" : "apps " + String.join("; ", parts);
  }

  private static void part(String what, List<String> ids, List<String> parts) {
    if (!ids.isEmpty()) {
      parts.add(what + " " + String.join(", ", ids));
    }
  }
}
