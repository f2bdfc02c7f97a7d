package dev.fanfare.config;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What one layer, or several laid over each other, say about the server, about one app or about
/// one of its endpoints. Confined to one reading.
final class Section {

  private final Source source;
  private final Function<Option<?>, String> spelling;
  private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
  // Also slots whose value was refused: they count as given, or a person would be told twice.
  private final Map<String, Source> given = new HashMap<>();
  private final List<Section> webhooks = new ArrayList<>();

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

  /// Takes a value in place of the one that there is.
  <T> void replace(Option<T> option, Written written, Problems problems) {
    given.remove(option.slot());
    put(option, written, problems);
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

  /// The endpoints for webhooks within this section, if it is an app's; the caller may add some.
  List<Section> webhooks() {
    return webhooks;
  }

  /// This section merged over `lower`. Endpoints are merged by their URL.
  Section over(Section lower) {
    Section both = new Section(lower.source, lower.spelling);
    both.settings.putAll(lower.settings);
    both.given.putAll(lower.given);
    both.settings.putAll(settings);
    both.given.putAll(given);
    both.webhooks.addAll(unite(webhooks, lower.webhooks, EndpointSchema.URL));
    return both;
  }

  /// Sections merged over weaker ones. One with the `name` of a section below overrides that one
  /// setting by setting, the second with a name the second and so on; any other is added.
  static List<Section> unite(List<Section> upper, List<Section> lower, Option<String> name) {
    List<Section> united = new ArrayList<>(lower);
    Map<String, Deque<Integer>> places = new HashMap<>();
    for (int i = 0; i < united.size(); i++) {
      Setting<String> named = united.get(i).find(name);
      if (named != null) {
        places.computeIfAbsent(named.value(), _ -> new ArrayDeque<>()).add(i);
      }
    }
    for (Section section : upper) {
      Setting<String> named = section.find(name);
      Deque<Integer> below = named == null ? null : places.get(named.value());
      Integer place = below == null ? null : below.poll();
      if (place == null) {
        united.add(section);
      } else {
        united.set(place, section.over(united.get(place)));
      }
    }
    return united;
  }
}
