package dev.fanfare.console.login;

import java.util.List;
import java.util.Set;

/// A person who may log in, as configured.
///
/// @param apps ids of those that are shown; empty for all
public record ConsoleUser(String name, Role role, PasswordHash hash, List<String> apps) {

  public ConsoleUser {
    apps = List.copyOf(apps);
  }

  /// This user, logged in.
  public Caller caller() {
    return new Caller(name, role, Set.copyOf(apps));
  }
}
