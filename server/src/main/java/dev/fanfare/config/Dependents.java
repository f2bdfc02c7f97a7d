package dev.fanfare.config;

import dev.fanfare.config.schema.Option;
import dev.fanfare.config.schema.Section;
import dev.fanfare.config.schema.Setting;
import dev.fanfare.config.value.Problems;

/// Settings that have no effect without another one. Setting one shows that the other is missing.
final class Dependents {

  private Dependents() {}

  /// Reports each of `options` that is changed while `needed` is not set.
  static void report(Section section, Problems problems, Option<?> needed, Option<?>... options) {
    if (section.has(needed)) {
      return; // empty on purpose, or reported already
    }
    for (Option<?> option : options) {
      Setting<?> setting = section.changed(option);
      if (setting != null) {
        String text = setting.name() + " is set, but " + section.spell(needed) + " is not";
        problems.error(setting.source(), text);
      }
    }
  }
}
