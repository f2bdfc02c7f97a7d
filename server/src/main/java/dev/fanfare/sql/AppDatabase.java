package dev.fanfare.sql;

import dev.fanfare.protocol.Parsed;

/// Where the apps of a server come from, if not from its configuration.
///
/// @param form how rows are read
public record AppDatabase(DatabaseOptions options, RowForm form) {

  /// Apps of the configuration.
  public static final AppDatabase NONE =
      new AppDatabase(DatabaseOptions.NONE, _ -> new Parsed.Bad<>("no database"));

  /// True if apps are in a database.
  public boolean isOn() {
    return options.isOn();
  }
}
