package dev.fanfare.loadtest.report;

/// What a figure counts.
public enum Unit {
  COUNT(""),
  PER_SECOND("/s"),
  MICROSECONDS("µs"),
  SECONDS("s"),
  BYTES("B"),
  PERCENT("%");

  private final String symbol;

  Unit(String symbol) {
    this.symbol = symbol;
  }

  public String symbol() {
    return symbol;
  }
}
