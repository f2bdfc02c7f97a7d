package dev.fanfare.app;

import java.util.Collection;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The apps that are in force, until others take their place. Whoever looks up an app sees all of
/// the old ones or all of the new ones. Any thread.
public final class CurrentApps implements Apps {

  private final Consumer<Apps> before;
  private volatile Apps apps;

  /// @param apps those in force now; they never change
  /// @param before is told of others before anybody else sees them
  public CurrentApps(Apps apps, Consumer<Apps> before) {
    this.apps = apps;
    this.before = before;
  }

  /// Puts other apps in force. Called by one thread at a time.
  ///
  /// @param next never change
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
