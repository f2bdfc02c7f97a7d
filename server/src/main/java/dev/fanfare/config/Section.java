package dev.fanfare.config;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one layer, or several laid over each other, say about the server or about one app. Confined
/// to one reading.
final class Section {

  private final Source source;
  private final Function<Option<?>, String> spelling;
  private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
  // Also slots whose value was refused: they count as given, or a person would be told twice.
  private final Map<String, Source> given = new HashMap<>();

  /// @param source where the section begins
  /// @param spelling how a person who writes here spells an option
  Section(Source source, Function<Option<?>, String> spelling) {
    this.source = source;
    this.spelling = spelling;
  }

  Source source() {
    return source;
  }

  String spell(Option<?> option) {
    return spelling.apply(option);
  }

  /// Takes a value, or reports what is wrong with it.
  <T> void put(Option<T> option, Written written, Problems problems) {
    String name = spell(option);
    Source earlier = given.putIfAbsent(option.slot(), written.source());
    if (earlier != null) {
      String text = name + " sets what " + earlier.label() + " has set already; keep one of them";
      problems.error(written.source(), text);
      return;
    }
    T value = option.kind().read(name, written, problems);
    if (value != null) {
      settings.put(option.slot(), new Setting<>(value, written.source(), name));
    }
  }

  /// True if somebody wrote the option, be it wrongly.
  boolean has(Option<?> option) {
    return given.containsKey(option.slot());
  }

  /// The setting of `option`, its default if nobody wrote it, or null if it has no default.
  // A slot only ever holds what the kind of its options reads.
  @SuppressWarnings("unchecked")
  <T> @Nullable Setting<T> find(Option<T> option) {
    Setting<T> setting = (Setting<T>) settings.get(option.slot());
    if (setting != null || option.fallback() == null) {
      return setting;
    }
    return new Setting<>(option.fallback(), Source.DEFAULT, spell(option));
  }

  /// The setting of an option that has a default or was checked to be there.
  <T> Setting<T> setting(Option<T> option) {
    Setting<T> setting = find(option);
    if (setting == null) {
      throw new IllegalStateException(spell(option) + " was not checked");
    }
    return setting;
  }

  /// The value of an option that has a default or was checked to be there.
  <T> T get(Option<T> option) {
    return setting(option).value();
  }

  /// This section with what it leaves unsaid taken from `lower`.
  Section over(Section lower) {
    Section both = new Section(lower.source, lower.spelling);
    both.settings.putAll(lower.settings);
    both.given.putAll(lower.given);
    both.settings.putAll(settings);
    both.given.putAll(given);
    return both;
  }
}
