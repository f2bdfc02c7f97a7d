package dev.fanfare.console.figure;

import java.util.function.Supplier;

/// Passes each new row of [Figures] to one stream. Confined to the stream's thread.
public final class SeriesFeed {

  private final Figures figures;
  private final Supplier<Scope> scope;
  private long passed;

  /// @param scope of the stream's reader, which may change
  public SeriesFeed(Figures figures, Supplier<Scope> scope) {
    this.figures = figures;
    this.scope = scope;
    this.passed = figures.rows();
  }

  /// The newest row as JSON if it was not passed yet, else empty.
  public String next() {
    long rows = figures.rows();
    if (rows == passed) {
      return "";
    }
    passed = rows;
    Second last = figures.last(scope.get());
    return last == null ? "" : SeriesJson.row(last);
  }
}
