package dev.fanfare.app;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the name that a misspelled one was probably meant to be. Case, dashes and camel case do
/// not count.
public final class Suggestion {

  private static final int LONGEST_CHARS = 60;

  private final Map<String, String> spellings = new LinkedHashMap<>();

  /// Adds a name, and its full spelling.
  public Suggestion add(String name, String spelling) {
    spellings.putIfAbsent(plain(name), spelling);
    return this;
  }

  /// Adds names with their full spellings.
  public Suggestion addAll(Map<String, String> names) {
    names.forEach(this::add);
    return this;
  }

  /// The spelling of the name that is closest to `mistaken`, or null if none is close.
  public @Nullable String to(String mistaken) {
    if (mistaken.length() > LONGEST_CHARS) {
      return null; // not a typing error, and costly to compare
    }
    String wanted = plain(mistaken);
    String best = null;
    int least = Math.max(1, wanted.length() / 3) + 1;
    for (Map.Entry<String, String> candidate : spellings.entrySet()) {
      int distance = distance(wanted, candidate.getKey());
      if (distance < least) {
        least = distance;
        best = candidate.getValue();
      }
    }
    return best;
  }

  private static String plain(String name) {
    return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("[-.]", "_")
        .toLowerCase(Locale.ROOT);
  }

  /// The number of letters to insert, delete, replace or swap with their neighbour.
  private static int distance(String a, String b) {
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        rows[i][j] = i == 0 || j == 0 ? i + j : cell(rows, a, b, i, j);
      }
    }
    return rows[a.length()][b.length()];
  }

  private static int cell(int[][] rows, String a, String b, int i, int j) {
    int replaced = rows[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
    int least = Math.min(replaced, Math.min(rows[i - 1][j], rows[i][j - 1]) + 1);
    boolean swapped =
        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
    return swapped ? Math.min(least, rows[i - 2][j - 2] + 1) : least;
  }
}
