package dev.fanfare.console.login;

import java.util.Locale;

/// What a person may do in the console; each role includes those before it.
public enum Role {
  /// Reads.
  VIEWER,
  /// Publishes, closes connections and replays webhooks too.
  OPERATOR,
  /// Everything.
  ADMIN;

  /// True if a user with this role may do what the other one is needed for.
  public boolean includes(Role needed) {
    return compareTo(needed) >= 0;
  }

  /// The name in JSON and in the configuration.
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
