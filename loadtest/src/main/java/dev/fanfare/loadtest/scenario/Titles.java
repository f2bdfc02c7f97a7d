package dev.fanfare.loadtest.scenario;

import java.util.Locale;

/// Numbers in titles.
final class Titles {

  private Titles() {}

  /// `1 channel`, `10,000 subscribers`.
  static String count(int count, String noun) {
    return String.format(Locale.ROOT, "%,d %s%s", count, noun, count == 1 ? "" : "s");
  }

  static String number(double value) {
    return String.format(Locale.ROOT, value == Math.rint(value) ? "%,.0f" : "%,.1f", value);
  }
}
