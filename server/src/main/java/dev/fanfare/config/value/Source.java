package dev.fanfare.config.value;

/// The origin of a value.
///
/// @param place where to change it: `fanfare.yaml:3:9`, `environment`
/// @param label the value's name there: `fanfare.yaml:3:9`, `FANFARE_PORT`, `default`
public record Source(String place, String label) {

  private static final String ENVIRONMENT = "environment";
  private static final String COMMAND_LINE = "command line";

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

  /// For people: `file fanfare.yaml:3:9`, `variable FANFARE_PORT`, `flag --port` or `default`.
  public String text() {
    return switch (place) {
      case "default" -> label;
      case ENVIRONMENT -> "variable " + label;
      case COMMAND_LINE -> "flag " + label;
      default -> "file " + label;
    };
  }

  public static Source variable(String name) {
    return new Source(ENVIRONMENT, name);
  }

  public static Source flag(String name) {
    return new Source(COMMAND_LINE, name);
  }
}
