package dev.fanfare.console.login;

import java.util.Set;

/// Who sends a request.
///
/// @param name for people
/// @param apps ids of those that it may see; empty for all
public record Caller(String name, Role role, Set<String> apps) {

  public Caller {
    apps = Set.copyOf(apps);
  }

  /// A server that signs with the secret of an app.
  public static Caller ofApp(String app) {
    return new Caller("app " + app, Role.VIEWER, Set.of(app));
  }

  /// True if it may see that app.
  public boolean sees(String app) {
    return apps.isEmpty() || apps.contains(app);
  }
}
