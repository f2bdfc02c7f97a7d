package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Parsed;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;

/// Reads rows as apps, each row once while it stays the same. Logs what is wrong with one when that
/// is new. Confined to the directory's thread.
final class Readings {

  private static final Logger log = Component.APPS.logger();

  /// Rows of which it is remembered what was logged: more are logged again.
  private static final int MAX_WARNED = 1_000;

  private record Reading(AppRow row, Parsed<App> app) {}

  private final RowForm form;
  private final LineBudget lines;

  /// Of apps in memory, by id.
  private final Map<String, Reading> kept = new HashMap<>();

  /// What was logged last, by id.
  private final Map<String, String> warned = new LinkedHashMap<>();

  Readings(RowForm form, NanoClock clock) {
    this.form = form;
    this.lines = new LineBudget(clock);
  }

  /// The rows that count, by id. Of two rows with one key the lower id counts.
  ///
  /// @param refused gets the reasons for the others, by id
  Map<String, AppRow> counting(Collection<AppRow> rows, Map<String, String> refused) {
    Map<String, AppRow> byId = new LinkedHashMap<>();
    rows.forEach(row -> byId.put(row.id(), row));
    Map<String, AppRow> byKey = new HashMap<>();
    byId.values().forEach(row -> byKey.merge(row.key(), row, (a, b) -> a.precedes(b) ? a : b));
    Map<String, AppRow> counting = new LinkedHashMap<>();
    byId.values()
        .forEach(row -> {
          AppRow first = byKey.getOrDefault(row.key(), row);
          if (first.equals(row)) {
            counting.put(row.id(), row);
          } else {
            String reason = "its key is that of app " + first.id() + ", whose id is lower";
            refused.put(row.id(), reason);
            warn(row.id(), reason);
          }
        });
    return counting;
  }

  /// The app of a row, or what is wrong with it.
  Parsed<App> read(AppRow row) {
    Reading earlier = kept.get(row.id());
    if (earlier != null && earlier.row.equals(row)) {
      return earlier.app;
    }
    Parsed<App> app =
        row.isTooLarge() ? new Parsed.Bad<>("it has more than 65536 characters") : form.read(row);
    kept.put(row.id(), new Reading(row, app));
    switch (app) {
      case Parsed.Ok<App> _ -> warned.remove(row.id());
      case Parsed.Bad(String reason) -> warn(row.id(), reason);
    }
    return app;
  }

  private void warn(String id, String reason) {
    if (reason.equals(warned.put(id, reason))) {
      return;
    }
    if (warned.size() > MAX_WARNED) {
      warned.remove(warned.keySet().iterator().next());
    }
    if (lines.permits(log)) {
      log.warn("row of app {} in the database is not used: {}", id, reason);
    }
  }

  /// Forgets all rows but those of these apps.
  void retain(Set<String> ids) {
    kept.keySet().retainAll(ids);
  }
}
