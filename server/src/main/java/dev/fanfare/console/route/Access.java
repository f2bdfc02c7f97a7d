package dev.fanfare.console.route;

import dev.fanfare.console.login.Role;
import org.jspecify.annotations.Nullable;

/// Who may use a route.
public enum Access {
  ANYONE(null, false),
  VIEWER(Role.VIEWER, true),
  /// A publisher over the HTTP API may do so here.
  PUBLISHER(Role.OPERATOR, true),
  OPERATOR(Role.OPERATOR, false),
  ADMIN(Role.ADMIN, false);

  private final @Nullable Role role;
  private final boolean isForApps;

  Access(@Nullable Role role, boolean isForApps) {
    this.role = role;
    this.isForApps = isForApps;
  }

  /// The role that is needed; null if no login is.
  public @Nullable Role role() {
    return role;
  }

  /// True if a signature with the secret of an app is accepted too.
  public boolean isForApps() {
    return isForApps;
  }
}
