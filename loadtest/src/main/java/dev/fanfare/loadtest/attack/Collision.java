package dev.fanfare.loadtest.attack;

/// Texts that have the same `String.hashCode`: `Aa` and `BB` do, and so do equally long sequences
/// of them.
public final class Collision {

  private static final int BITS = 15;

  /// Number of different texts with one prefix.
  public static final int COUNT = 1 << BITS;

  private Collision() {}

  /// One of the texts with the same hash.
  ///
  /// @param number from 0, less than [#COUNT]
  public static String text(String prefix, int number) {
    StringBuilder text = new StringBuilder(prefix);
    for (int bit = 0; bit < BITS; bit++) {
      text.append((number >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return text.toString();
  }
}
