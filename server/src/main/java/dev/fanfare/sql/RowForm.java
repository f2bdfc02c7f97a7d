package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;

/// Reads rows as apps, with the same checks as the configuration. Any thread.
public interface RowForm {

  /// The app of a row, or everything that is wrong with it, without a secret.
  Parsed<App> read(AppRow row);
}
