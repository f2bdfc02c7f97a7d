package dev.fanfare.loadtest.abuse;

import java.util.OptionalDouble;

/// Metrics in Prometheus' text format.
record MetricsText(String text) {

  /// Nothing.
  static final MetricsText EMPTY = new MetricsText("");

  /// The sum of all series of a metric; empty if it has none.
  OptionalDouble sum(String name) {
    return sum(name, "");
  }

  /// @param label the series must contain this text, such as `area="heap"`
  OptionalDouble sum(String name, String label) {
    double sum = 0;
    boolean found = false;
    for (String line : text.lines().toList()) {
      boolean matches =
          line.startsWith(name)
              && line.length() > name.length()
              && "{ ".indexOf(line.charAt(name.length())) >= 0;
      if (matches && line.contains(label)) {
        double value = Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
        sum += Double.isFinite(value) ? value : 0;
        found = true;
      }
    }
    return found ? OptionalDouble.of(sum) : OptionalDouble.empty();
  }
}
