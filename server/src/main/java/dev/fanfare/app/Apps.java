package dev.fanfare.app;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Looks up apps. Called on event loops for every connection and request, so implementations answer
/// from memory. Any thread.
///
/// Apps change while connections are open. Code that keeps an app for longer than one request keeps
/// the [LiveApp]; an [App] is a snapshot.
public interface Apps {

  /// The app with this key, or null.
  @Nullable LiveApp byKey(String key);

  /// The app with this id, or null.
  @Nullable LiveApp byId(String id);

  /// A snapshot of the app with this id if it is in memory, else null.
  @Nullable App known(String id);

  /// Snapshots of all apps in memory, in the order of the configuration.
  Collection<App> known();
}
