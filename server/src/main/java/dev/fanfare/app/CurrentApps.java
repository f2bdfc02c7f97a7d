package dev.fanfare.app;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The current apps, replaced as a whole by a reload: a look-up sees either the old or the new set.
/// Any thread.
public final class CurrentApps implements Apps {

  private final Consumer<Apps> before;
  private volatile Apps apps;

  /// @param apps the initial set; immutable
  /// @param before called with a new set before it becomes visible
  public CurrentApps(Apps apps, Consumer<Apps> before) {
    this.apps = apps;
    this.before = before;
  }

  /// Replaces all apps. Called by one thread at a time.
  ///
  /// @param next the new set; immutable
  public AppChanges replace(Apps next) {
    AppChanges changes = AppChanges.between(apps.all(), next.all());
    before.accept(next);
    apps = next;
    return changes;
  }

  @Override
  public @Nullable App byKey(String key) {
    return apps.byKey(key);
  }

  @Override
  public @Nullable App byId(String id) {
    return apps.byId(id);
  }

  @Override
  public Collection<App> all() {
    return apps.all();
  }
}
