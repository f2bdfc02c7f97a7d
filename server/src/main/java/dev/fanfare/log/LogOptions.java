package dev.fanfare.log;

/// Format and level of the log.
public record LogOptions(Format format, Level level) {

  /// The format of a line.
  public enum Format {
    TEXT,
    JSON
  }

  /// The minimum level of a line.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  public static final LogOptions DEFAULTS = new LogOptions(Format.TEXT, Level.INFO);
}
