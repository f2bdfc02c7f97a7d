package dev.fanfare.app;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Looks up apps. Called on event loops for every connection and request, so implementations answer
/// from memory. Any thread.
///
/// Apps change while connections are open. Code that keeps an [App] for longer than one request
/// must look up the current one before it uses its options.
public interface Apps {

  /// The app with this key, or null.
  @Nullable App byKey(String key);

  /// The app with this id, or null.
  @Nullable App byId(String id);

  /// The current version of the app, by its id; the given one if the app was removed.
  default App current(App app) {
    App current = byId(app.id());
    return current == null ? app : current;
  }

  /// All apps, in the order of the configuration.
  Collection<App> all();
}
