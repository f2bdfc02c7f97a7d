package dev.fanfare.console;

import dev.fanfare.console.login.Role;
import org.jspecify.annotations.Nullable;

/// Who may use a route.
///
/// `role` is null if no login is needed; `isForApps` is true if a signature with the secret of an
/// app is accepted too.
enum Access {
  ANYONE(null, false),
  VIEWER(Role.VIEWER, true),
  /// Whoever may publish over the HTTP API may do so here.
  PUBLISHER(Role.OPERATOR, true),
  OPERATOR(Role.OPERATOR, false),
  ADMIN(Role.ADMIN, false);

  final @Nullable Role role;
  final boolean isForApps;

  Access(@Nullable Role role, boolean isForApps) {
    this.role = role;
    this.isForApps = isForApps;
  }
}
