package dev.fanfare.sql;

/// What an app is looked up by, chosen by a stranger.
///
/// @param isKey false for an id
record Name(boolean isKey, String text) implements Comparable<Name> {

  /// No column of a key or an id has more.
  private static final int MAX_CHARS = 255;

  /// True if a row may have it.
  boolean isPossible() {
    return !text.isEmpty()
        && text.length() <= MAX_CHARS
        && text.chars()
            .noneMatch(c -> Character.isISOControl(c) || Character.isSurrogate((char) c));
  }

  @Override
  public int compareTo(Name other) {
    int kinds = Boolean.compare(isKey, other.isKey);
    return kinds == 0 ? text.compareTo(other.text) : kinds;
  }
}
