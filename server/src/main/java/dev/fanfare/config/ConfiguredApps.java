package dev.fanfare.config;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The apps of one configuration. Immutable and thread-safe.
public final class ConfiguredApps implements Apps {

  private final List<App> all;
  private final Map<String, App> byKey = new HashMap<>();
  private final Map<String, App> byId = new HashMap<>();

  /// @param apps no two of them share a key or an id
  public ConfiguredApps(List<App> apps) {
    all = List.copyOf(apps);
    for (App app : all) {
      byKey.put(app.key(), app);
      byId.put(app.id(), app);
    }
  }

  @Override
  public @Nullable App byKey(String key) {
    return byKey.get(key);
  }

  @Override
  public @Nullable App byId(String id) {
    return byId.get(id);
  }

  @Override
  public Collection<App> all() {
    return all;
  }
}
