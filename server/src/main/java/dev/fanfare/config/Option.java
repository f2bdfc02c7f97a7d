package dev.fanfare.config;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One thing that can be configured.
///
/// @param key as a file spells it below its section; a dot enters a nested mapping
/// @param slot what it sets: its key, or that of the option it is another way to write
/// @param fallback the default; null if it must be given
/// @param doc a sentence for the reference, in Markdown
record Option<T>(String key, String slot, Kind<T> kind, @Nullable T fallback, String doc) {

  static <T> Option<T> of(String key, Kind<T> kind, @Nullable T fallback, String doc) {
    return new Option<>(key, key, kind, fallback, doc);
  }

  /// How a variable spells it, after the prefix of its section.
  String variable() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
