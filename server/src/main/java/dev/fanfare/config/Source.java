package dev.fanfare.config;

/// Where a value came from.
///
/// @param place what a person opens to change it: `fanfare.yaml:3:9`, `environment`
/// @param label what names the value there: `fanfare.yaml:3:9`, `FANFARE_PORT`, `default`
record Source(String place, String label) {

  static final Source DEFAULT = new Source("default", "default");

  /// A spot in a file; `line` and `column` count from 1.
  static Source line(String file, int line, int column) {
    String spot = file + ":" + line + ":" + column;
    return new Source(spot, spot);
  }

  /// A whole file, when no line of it is to blame.
  static Source file(String file) {
    return new Source(file, file);
  }

  static Source variable(String name) {
    return new Source("environment", name);
  }

  static Source flag(String name) {
    return new Source("command line", name);
  }
}
