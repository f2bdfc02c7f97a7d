package dev.fanfare.app;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Where apps are looked up. Called on event loops for every connection and request, so an
/// implementation answers from memory. Any thread.
public interface Apps {

  /// The app that clients name by `key`, or null.
  @Nullable App byKey(String key);

  /// The app that requests name by `id`, or null.
  @Nullable App byId(String id);

  /// All apps, in the order of the configuration.
  Collection<App> all();
}
