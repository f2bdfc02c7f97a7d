package dev.fanfare.loadtest.report;

import java.util.Locale;

/// One number of a result.
///
/// @param key a stable name for programs, such as `server_cpu_us_per_delivery`
/// @param title a name for people
public record Figure(String key, String title, double value, Unit unit) {

  private static final double KILO = 1_000;

  /// The value as a person reads it, with its unit.
  public String text() {
    return text(value, unit);
  }

  /// A value as a person reads it: three significant digits or all of a whole number.
  public static String text(double value, Unit unit) {
    if (unit == Unit.MICROSECONDS && value >= 10 * KILO) {
      return text(value / KILO, "ms");
    }
    if (unit == Unit.BYTES && value >= 10 * KILO * KILO) {
      return text(value / KILO / KILO, "MB");
    }
    if (unit == Unit.BYTES && Math.abs(value) >= 10 * KILO) {
      return text(value / KILO, "kB");
    }
    return text(value, unit.symbol());
  }

  private static String text(double value, String symbol) {
    return number(value) + (symbol.isEmpty() || symbol.startsWith("/") ? "" : " ") + symbol;
  }

  /// A number with thousands separated and no digits that mean nothing.
  static String number(double value) {
    double size = Math.abs(value);
    if (value == Math.rint(value) || size >= KILO) {
      return String.format(Locale.ROOT, "%,.0f", value);
    }
    return String.format(Locale.ROOT, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f", value);
  }
}
