package dev.fanfare.config;

import dev.fanfare.config.schema.AppSchema;
import dev.fanfare.config.schema.EndpointSchema;
import dev.fanfare.config.schema.HistorySchema;
import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What a reload changes, for the log: apps by their id, and the names of their settings. Never a
/// secret.
public final class Differences {

  private static final String NOTHING = "nothing";

  private Differences() {}

  /// `app 1 changed: secret, limits.max_event_bytes; app 3 added; app 2 removed`, or `no app
  /// changed`.
  public static String ofApps(Config before, Config after) {
    Map<String, Section> old = new LinkedHashMap<>();
    before.draft().apps().forEach(app -> old.put(app.get(AppSchema.ID), app));
    List<String> changed = new ArrayList<>();
    List<String> added = new ArrayList<>();
    for (Section app : after.draft().apps()) {
      String id = app.get(AppSchema.ID);
      Section was = old.remove(id);
      if (was == null) {
        added.add("app " + id + " added");
      } else {
        List<String> settings = settings(was, app);
        if (!settings.isEmpty()) {
          changed.add("app " + id + " changed: " + String.join(", ", settings));
        }
      }
    }
    List<String> all = new ArrayList<>(changed);
    all.addAll(added);
    old.keySet().forEach(id -> all.add("app " + id + " removed"));
    return all.isEmpty() ? "no app changed" : String.join("; ", all);
  }

  /// What is different, for people: `server.port: 6001 -> 6002`. Secrets are masked.
  public static List<String> ofValues(Config before, Config after) {
    Map<String, EffectiveYaml.Entry> old = new LinkedHashMap<>();
    EffectiveYaml.entries(before).forEach(entry -> old.put(entry.key(), entry));
    List<String> lines = new ArrayList<>();
    for (EffectiveYaml.Entry entry : EffectiveYaml.entries(after)) {
      EffectiveYaml.Entry was = old.remove(entry.key());
      if (was == null) {
        lines.add(entry.key() + ": " + NOTHING + " -> " + entry.shown());
      } else if (!Objects.equals(was.value(), entry.value())) {
        lines.add(entry.key() + ": " + was.shown() + " -> " + entry.shown());
      }
    }
    old.values().forEach(was -> lines.add(was.key() + ": " + was.shown() + " -> " + NOTHING));
    return lines;
  }

  private static List<String> settings(Section before, Section after) {
    List<String> names = new ArrayList<>(names(before, after, AppSchema.ALL));
    List<Object> endpoints = endpoints(before);
    if (!endpoints.equals(endpoints(after))) {
      names.add("webhooks");
    }
    if (!rules(before).equals(rules(after))) {
      names.add("history");
    }
    return names;
  }

  private static List<Object> endpoints(Section app) {
    return app.webhooks().stream().<Object>map(EndpointSchema::endpoint).toList();
  }

  private static List<Object> rules(Section app) {
    return app.history().stream().<Object>map(HistorySchema::rule).toList();
  }

  private static List<String> names(Section before, Section after, List<Option<?>> schema) {
    return schema.stream()
        .filter(option -> option.key().equals(option.slot()))
        .filter(option -> !Objects.equals(value(before, option), value(after, option)))
        .map(Option::key)
        .toList();
  }

  private static @Nullable Object value(Section section, Option<?> option) {
    Setting<?> setting = section.find(option);
    return setting == null ? null : setting.value();
  }
}
