package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One configuration option.
///
/// @param key as spelled in a file below its section; a dot enters a nested mapping
/// @param slot what it sets: its key, or the key of the option that it is an alternative to
/// @param fallback the default; null if there is none
/// @param doc a sentence for the reference, in Markdown
/// @param isReloaded true if a reload applies it; else it takes effect at the start only
public record Option<T>(
    String key, String slot, Kind<T> kind, @Nullable T fallback, String doc, boolean isReloaded) {

  /// An option that a reload applies.
  static <T> Option<T> of(String key, Kind<T> kind, @Nullable T fallback, String doc) {
    return new Option<>(key, key, kind, fallback, doc, true);
  }

  /// An option that takes effect at the start only.
  static <T> Option<T> atStart(String key, Kind<T> kind, @Nullable T fallback, String doc) {
    return new Option<>(key, key, kind, fallback, doc, false);
  }

  /// The name of its variable, without the prefix of its section.
  public String variable() {
    return key.toUpperCase(Locale.ROOT).replace('.', '_');
  }
}
