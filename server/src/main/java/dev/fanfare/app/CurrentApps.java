package dev.fanfare.app;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The configured apps, replaced as a whole by a reload: a look-up sees either the old or the new
/// set. Any thread.
public final class CurrentApps implements Apps {

  /// Immutable.
  private record Configured(List<App> all, Map<String, LiveApp> byKey, Map<String, LiveApp> byId) {}

  private final Consumer<Collection<App>> before;

  /// By id; a removed app that returns is the same object, because channels and sessions may still
  /// refer to it. Used by [#replace] only.
  private final Map<String, WeakReference<LiveApp>> removed = new HashMap<>();

  private volatile boolean isLoaded = true;
  private volatile Configured configured = new Configured(List.of(), Map.of(), Map.of());

  /// @param apps the initial set; no two of them share a key or an id
  /// @param before called with a new set before it becomes visible
  public CurrentApps(Collection<App> apps, Consumer<Collection<App>> before) {
    this.before = before;
    configured = next(List.copyOf(apps));
  }

  /// Replaces all apps. Called by one thread at a time.
  ///
  /// @param apps the new set; no two of them share a key or an id
  public AppChanges replace(Collection<App> apps) {
    Configured old = configured;
    AppChanges changes = AppChanges.between(old.all, apps);
    before.accept(apps);
    configured = next(List.copyOf(apps));
    for (String id : changes.removed()) {
      LiveApp gone = old.byId.get(id);
      if (gone != null) {
        gone.remove();
        removed.put(id, new WeakReference<>(gone));
      }
    }
    return changes;
  }

  private Configured next(List<App> apps) {
    dropUnreferenced();
    Map<String, LiveApp> byKey = HashMap.newHashMap(apps.size());
    Map<String, LiveApp> byId = HashMap.newHashMap(apps.size());
    for (App app : apps) {
      LiveApp live = live(app);
      byKey.put(app.key(), live);
      byId.put(app.id(), live);
    }
    return new Configured(apps, byKey, byId);
  }

  private LiveApp live(App app) {
    WeakReference<LiveApp> former = removed.remove(app.id());
    LiveApp same = former == null ? configured.byId.get(app.id()) : former.get();
    if (same == null) {
      return new LiveApp(app);
    }
    same.update(app);
    return same;
  }

  private void dropUnreferenced() {
    Iterator<WeakReference<LiveApp>> each = removed.values().iterator();
    while (each.hasNext()) {
      if (each.next().refersTo(null)) {
        each.remove();
      }
    }
  }

  @Override
  public Lookup byKey(String key) {
    return answer(configured.byKey.get(key));
  }

  @Override
  public Lookup byId(String id) {
    return answer(configured.byId.get(id));
  }

  private static Lookup answer(@Nullable LiveApp found) {
    return found == null ? Lookup.Unknown.UNKNOWN : found;
  }

  @Override
  public @Nullable App known(String id) {
    return snapshot(configured.byId.get(id));
  }

  @Override
  public @Nullable App knownByKey(String key) {
    return snapshot(configured.byKey.get(key));
  }

  private static @Nullable App snapshot(@Nullable LiveApp found) {
    return found == null ? null : found.current();
  }

  /// Apps that are needed from the start on have not been read yet, or have been by now.
  public void setLoaded(boolean areLoaded) {
    isLoaded = areLoaded;
  }

  @Override
  public boolean isLoaded() {
    return isLoaded;
  }

  @Override
  public Collection<App> known() {
    return configured.all;
  }
}
