package dev.fanfare.app;

import java.util.Collection;
import org.jspecify.annotations.Nullable;

/// Looks up apps. Called on event loops for every connection and request, so implementations answer
/// from memory, or later. Any thread.
///
/// Apps change while connections are open. Code that keeps an app for longer than one request keeps
/// the [LiveApp]; an [App] is a snapshot.
public interface Apps {

  /// Finds the app that a client or publisher names by its key.
  Lookup byKey(String key);

  /// Finds the app that a publisher names by its id.
  Lookup byId(String id);

  /// A snapshot of the app with this id if it is in memory, else null.
  @Nullable App known(String id);

  /// A snapshot of the app with this key if it is in memory, else null.
  @Nullable App knownByKey(String key);

  /// False until the apps that are needed from the start on have been read: one that is not known
  /// may then be known later, though it was not created.
  default boolean isLoaded() {
    return true;
  }

  /// Snapshots of all apps in memory, in the order of the configuration.
  Collection<App> known();
}
