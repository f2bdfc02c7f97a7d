package dev.fanfare.config.value;

/// The origin of a value.
///
/// @param place where to change it: `fanfare.yaml:3:9`, `environment`
/// @param label the value's name there: `fanfare.yaml:3:9`, `FANFARE_PORT`, `default`
public record Source(String place, String label) {

  public static final Source DEFAULT = new Source("default", "default");

  /// A location in a file; `line` and `column` count from 1.
  public static Source line(String file, int line, int column) {
    String spot = file + ":" + line + ":" + column;
    return new Source(spot, spot);
  }

  /// A whole file, when no single line is the cause.
  public static Source file(String file) {
    return new Source(file, file);
  }

  public static Source variable(String name) {
    return new Source("environment", name);
  }

  public static Source flag(String name) {
    return new Source("command line", name);
  }
}
