package dev.fanfare.config;

import dev.fanfare.config.schema.DatabaseSchema;
import dev.fanfare.config.schema.Draft;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.sql.DatabaseOptions;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checks the settings of the database: apps come from one place only, and without a database its
/// settings have no effect.
final class DatabaseRules {

  private final Section database;
  private final Problems problems;

  private DatabaseRules(Section database, Problems problems) {
    this.database = database;
    this.problems = problems;
  }

  static void run(Draft draft, Problems problems) {
    DatabaseRules rules = new DatabaseRules(draft.database(), problems);
    Setting<DatabaseOptions.Kind> from = draft.database().setting(DatabaseSchema.APPS_FROM);
    if (from.value() == DatabaseOptions.Kind.NONE) {
      DatabaseSchema.OWN.forEach(option -> rules.needsADatabase(option, from));
      return;
    }
    for (Section app : draft.apps()) {
      problems.error(
          app.source(),
          "an app is configured, but " + said(from) + "; keep apps in one of the two places");
    }
    rules.certificates();
  }

  private void needsADatabase(Option<?> option, Setting<DatabaseOptions.Kind> from) {
    Setting<?> setting = database.find(option);
    boolean isFirstOfItsSlot = option.key().equals(option.slot());
    if (isFirstOfItsSlot && setting != null && !setting.source().equals(Source.DEFAULT)) {
      problems.error(setting.source(), setting.name() + " is set, but " + said(from));
    }
  }

  private void certificates() {
    Setting<String> ca = database.setting(DatabaseSchema.CA);
    Setting<DatabaseOptions.Tls> tls = database.setting(DatabaseSchema.TLS);
    if (ca.value().isEmpty()) {
      return;
    }
    if (tls.value() != DatabaseOptions.Tls.VERIFY) {
      String shown = DatabaseSchema.TLS.kind().show(tls.value());
      problems.error(ca.source(), ca.name() + " is set, but " + tls.name() + " is " + shown);
    } else if (!Files.isReadable(Path.of(ca.value()))) {
      problems.error(ca.source(), ca.name() + " names a file that cannot be read");
    }
  }

  private static String said(Setting<DatabaseOptions.Kind> from) {
    return from.name() + " is " + DatabaseSchema.APPS_FROM.kind().show(from.value());
  }
}
