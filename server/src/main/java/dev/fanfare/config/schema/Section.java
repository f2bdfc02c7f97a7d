package dev.fanfare.config.schema;

import dev.fanfare.config.value.Problems;
import dev.fanfare.config.value.Source;
import dev.fanfare.config.value.Written;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The settings of one layer, or of several merged ones, for the server, one app or one of its
/// endpoints or rules. Confined to one reading.
public final class Section {

  /// The name of a setting and where it is.
  private record Origin(String name, Source source) {}

  private final Source source;
  private final Function<Option<?>, String> spelling;
  private final Map<String, Setting<?>> settings = new LinkedHashMap<>();
  // Including slots whose value was refused: they count as set, to avoid a second error.
  private final Map<String, Origin> given = new HashMap<>();
  private final List<Section> webhooks = new ArrayList<>();
  private final List<Section> history = new ArrayList<>();
  private final List<Section> forRows = new ArrayList<>();

  /// @param source where the section begins
  /// @param spelling how an option is spelled in this layer
  public Section(Source source, Function<Option<?>, String> spelling) {
    this.source = source;
    this.spelling = spelling;
  }

  public Source source() {
    return source;
  }

  public String spell(Option<?> option) {
    return spelling.apply(option);
  }

  /// How the options are spelled here, by key and by the last part of the key.
  public Map<String, String> names(List<Option<?>> schema) {
    Map<String, String> names = new LinkedHashMap<>();
    for (Option<?> option : schema) {
      names.put(option.key(), spell(option));
    }
    for (Option<?> option : schema) {
      names.putIfAbsent(option.key().substring(option.key().lastIndexOf('.') + 1), spell(option));
    }
    return names;
  }

  /// Accepts a value, or reports what is wrong with it.
  public <T> void put(Option<T> option, Written written, Problems problems) {
    String name = spell(option);
    Origin earlier = given.putIfAbsent(option.slot(), new Origin(name, written.source()));
    if (earlier != null) {
      String place = earlier.source().label();
      String other = earlier.name().equals(name) ? place : earlier.name() + " at " + place;
      String text = name + " conflicts with " + other + "; keep one of them";
      problems.error(written.source(), text);
      return;
    }
    T value = option.kind().read(name, written, problems);
    if (value != null) {
      settings.put(option.slot(), new Setting<>(value, written.source(), name));
    }
  }

  /// Replaces the value, if there is one.
  public <T> void replace(Option<T> option, Written written, Problems problems) {
    given.remove(option.slot());
    put(option, written, problems);
  }

  /// True if the option is set, even to an invalid value.
  public boolean has(Option<?> option) {
    return given.containsKey(option.slot());
  }

  /// The setting of `option`, its default if it is not set, or null if it has no default.
  // A slot only ever holds a value that the kind of its options has read.
  @SuppressWarnings("unchecked")
  public <T> @Nullable Setting<T> find(Option<T> option) {
    Setting<T> setting = (Setting<T>) settings.get(option.slot());
    if (setting != null || option.fallback() == null) {
      return setting;
    }
    return new Setting<>(option.fallback(), Source.DEFAULT, spell(option));
  }

  /// The setting of `option`; null if it is not set, or set to its default, which `config print`
  /// writes for each option.
  public <T> @Nullable Setting<T> changed(Option<T> option) {
    Setting<T> setting = find(option);
    return setting == null || setting.value().equals(option.fallback()) ? null : setting;
  }

  /// The setting of an option that has a default or was checked to be set.
  public <T> Setting<T> setting(Option<T> option) {
    Setting<T> setting = find(option);
    if (setting == null) {
      throw new IllegalStateException(spell(option) + " was not checked");
    }
    return setting;
  }

  /// The value of an option that has a default or was checked to be set.
  public <T> T get(Option<T> option) {
    return setting(option).value();
  }

  /// The webhook endpoints of this section, if it is an app's; callers may add some.
  public List<Section> webhooks() {
    return webhooks;
  }

  /// The rules for history of this section, if it is an app's; callers may add some.
  public List<Section> history() {
    return history;
  }

  /// What a row without a column has, if this is the section of the database; at most one.
  public List<Section> forRows() {
    return forRows;
  }

  /// Copies the setting of an option that is not set here.
  public void inherit(Option<?> option, Section from) {
    Setting<?> setting = from.settings.get(option.slot());
    if (!has(option) && setting != null) {
      settings.put(option.slot(), setting);
      given.put(option.slot(), new Origin(setting.name(), setting.source()));
    }
  }

  /// This section merged over `lower`. Endpoints are merged by their URL. The first rule for
  /// history that covers a channel applies, so the rules of one layer replace those of the other.
  public Section over(Section lower) {
    Section both = new Section(lower.source, lower.spelling);
    both.settings.putAll(lower.settings);
    both.given.putAll(lower.given);
    both.settings.putAll(settings);
    both.given.putAll(given);
    both.webhooks.addAll(unite(webhooks, lower.webhooks, EndpointSchema.URL));
    both.history.addAll(history.isEmpty() ? lower.history : history);
    if (forRows.isEmpty() || lower.forRows.isEmpty()) {
      both.forRows.addAll(forRows.isEmpty() ? lower.forRows : forRows);
    } else {
      both.forRows.add(forRows.getFirst().over(lower.forRows.getFirst()));
    }
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
