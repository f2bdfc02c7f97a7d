package dev.fanfare.loadtest.report;

/// The unit of a figure's value, and the unit it is shown in, which is the same for every value.
public enum Unit {
  COUNT("", 1, ""),
  PER_SECOND("/s", 1, "/s"),
  MICROSECONDS("µs", 1, "µs"),
  /// Latencies: measured in microseconds, shown in milliseconds.
  LATENCY("µs", 1e3, "ms"),
  SECONDS("s", 1, "s"),
  /// Memory of one connection: measured in bytes, shown in kilobytes.
  CONNECTION_BYTES("B", 1e3, "kB"),
  /// Memory of a process: measured in bytes, shown in megabytes.
  PROCESS_BYTES("B", 1e6, "MB"),
  PERCENT("%", 1, "%");

  private final String symbol;
  private final double scale;
  private final String shownSymbol;

  Unit(String symbol, double scale, String shownSymbol) {
    this.symbol = symbol;
    this.scale = scale;
    this.shownSymbol = shownSymbol;
  }

  /// The symbol of the value's unit.
  public String symbol() {
    return symbol;
  }

  double shown(double value) {
    return value / scale;
  }

  String shownSymbol() {
    return shownSymbol;
  }
}
