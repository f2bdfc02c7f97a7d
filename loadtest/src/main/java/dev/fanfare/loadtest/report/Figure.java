package dev.fanfare.loadtest.report;

import java.util.Locale;

/// One number of a result.
///
/// @param key a stable name for programs, such as `server_cpu_us_per_delivery`
/// @param title a name for people
/// @param min the least value of several rounds, in which `value` is the median
/// @param max the greatest
public record Figure(String key, String title, double value, Unit unit, double min, double max) {

  private static final double KILO = 1_000;
  private static final double TINY = 0.1;

  /// The figure of a single run.
  public Figure(String key, String title, double value, Unit unit) {
    this(key, title, value, unit, value, value);
  }

  /// True if rounds differ.
  public boolean hasRange() {
    return min < max;
  }

  /// The value as people read it, with its unit.
  public String text() {
    return text(value, unit);
  }

  /// Such as `0.25–0.31 µs`.
  public String range() {
    return number(unit.shown(min)) + "–" + text(max, unit);
  }

  /// A value as people read it: three significant digits, or all digits of an integer.
  public static String text(double value, Unit unit) {
    String symbol = unit.shownSymbol();
    String separator = symbol.isEmpty() || symbol.startsWith("/") ? "" : " ";
    return number(unit.shown(value)) + separator + symbol;
  }

  /// A number with separated thousands and without insignificant digits.
  static String number(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) || size >= KILO) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    String format = size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= TINY ? "%.2f" : "%.3f";
    return String.format(Locale.ROOT, format, value);
  }
}
