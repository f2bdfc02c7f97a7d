package dev.fanfare.protocol;

/// The beginning of a text that a peer has sent, for refusals that repeat it: without a bound, a
/// message of 130 kB would be written and sent several times over.
public final class Excerpt {

  /// Characters of an excerpt; everything that can be valid by default is repeated in full.
  public static final int MAX_CHARS = 2_000;

  private Excerpt() {}

  /// The text, or its beginning and `…`.
  public static String of(String text) {
    if (text.length() <= MAX_CHARS) {
      return text;
    }
    boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_CHARS - 1));
    return text.substring(0, splitsPair ? MAX_CHARS - 1 : MAX_CHARS) + "…";
  }
}
