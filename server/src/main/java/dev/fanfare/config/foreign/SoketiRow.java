package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Reads a row of soketi's table `apps`. A column that is null or missing has the value that soketi
/// uses for all apps, and by default soketi's own. Columns that soketi does not know are ignored.
public final class SoketiRow {

  private static final Family FAMILY = SoketiNames.FAMILY;

  /// Columns that are not the name in an app of soketi's JSON file with underscores.
  private static final Map<String, String> IRREGULAR =
      Map.of(
          "maxBackendEventsPerSecond", "max_backend_events_per_sec",
          "maxClientEventsPerSecond", "max_client_events_per_sec",
          "maxReadRequestsPerSecond", "max_read_req_per_sec");

  private static final Map<String, Alias> BY_COLUMN =
      FAMILY.aliases().stream()
          .filter(alias -> alias.appKey() != null)
          .collect(Collectors.toUnmodifiableMap(SoketiRow::column, alias -> alias));

  private SoketiRow() {}

  private static String column(Alias alias) {
    String key = String.valueOf(alias.appKey());
    String regular = key.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
    return IRREGULAR.getOrDefault(key, regular);
  }

  private static String column(Option<?> option) {
    return BY_COLUMN.entrySet().stream()
        .filter(entry -> entry.getValue().sets(option))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(option.key());
  }

  /// The app of a row; everything wrong with it goes to `problems`.
  ///
  /// @param columns texts by the names of columns
  /// @param forAll what soketi's configuration says for all apps; null for nothing
  public static Section read(
      Map<String, String> columns, @Nullable Section forAll, Problems problems) {
    Source source = Source.file("the row");
    Translation translation = new Translation(FAMILY, problems);
    Section app = new Section(source, SoketiRow::column);
    columns.forEach((column, text) -> {
      Alias alias = BY_COLUMN.get(column);
      boolean isNull = text.isBlank() || text.equals("null");
      if (alias != null && !isNull) {
        translation.put(app, alias, column, new Written.Scalar(text, source));
      }
    });
    if (forAll != null) {
      for (Alias alias : FAMILY.aliases()) {
        Option<?> option = alias.option();
        Option<Boolean> only = alias.only();
        if (alias.isForAllApps() && option != null && (only == null || app.get(only))) {
          app.inherit(option, forAll);
        }
      }
    }
    return app.over(translation.assumedApp(app));
  }
}
