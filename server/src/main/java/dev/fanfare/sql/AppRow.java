package dev.fanfare.sql;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A row of the table.
///
/// @param columns all that are not null, by their names in lower case, as text
public record AppRow(String id, String key, Map<String, String> columns) {

  /// Of one row; a larger one is refused.
  private static final int MAX_CHARS = 65_536;

  public AppRow {
    columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
  }

  /// The text of a column; null if it is null or not there.
  public @Nullable String get(String column) {
    return columns.get(column);
  }

  /// True if it takes more memory than an app may.
  boolean isTooLarge() {
    return columns.values().stream().mapToLong(String::length).sum() > MAX_CHARS;
  }

  /// True if of two rows with one key this one counts: the lower id, of numbers the lower number.
  boolean precedes(AppRow other) {
    boolean areNumbers = isNumber(id) && isNumber(other.id);
    int lengths = areNumbers ? Integer.compare(id.length(), other.id.length()) : 0;
    return (lengths == 0 ? id.compareTo(other.id) : lengths) < 0;
  }

  private static boolean isNumber(String id) {
    return !id.startsWith("0") && id.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  /// Without its columns, which have a secret.
  @Override
  public String toString() {
    return "row of app " + id;
  }
}
