package dev.fanfare.app;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Where apps are looked up. Called on event loops for every connection and request, so an
/// implementation answers from memory. Any thread.
///
/// Apps change while connections last. Whoever keeps an [App] for longer than one request asks for
/// the present one before it judges anything by it.
public interface Apps {

  /// The app that clients name by `key`, or null.
  @Nullable App byKey(String key);

  /// The app that requests name by `id`, or null.
  @Nullable App byId(String id);

  /// The app as it is now, found by its id; as it was, if it is there no more.
  default App current(App app) {
    App current = byId(app.id());
    return current == null ? app : current;
  }

  /// All apps, in the order of the configuration.
  Collection<App> all();
}
