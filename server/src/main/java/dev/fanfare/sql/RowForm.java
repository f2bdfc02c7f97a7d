package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.protocol.Parsed;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads rows as apps, with the same checks as the configuration. Any thread.
public interface RowForm {

  /// The app of a row, or everything that is wrong with it, without a secret.
  Parsed<App> read(AppRow row);

  /// The columns that [#read] reads as an equal app, and null for those that are null; or why the
  /// table cannot hold the app.
  default Parsed<Map<String, @Nullable String>> write(App app) {
    return new Parsed.Bad<>("this table cannot be changed");
  }
}
