package dev.fanfare.console.figure;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import java.util.List;
import java.util.function.Predicate;

/// The apps that a caller may see.
///
/// @param isWhole true if these are all apps of the node, so that figures of the node itself may be
///   seen too
public record Scope(List<App> apps, boolean isWhole) {

  /// Those that are selected of the apps that are known.
  public static Scope of(Apps apps, Predicate<App> selected) {
    List<App> seen = apps.known().stream().filter(selected).toList();
    return new Scope(seen, seen.size() == apps.known().size());
  }
}
