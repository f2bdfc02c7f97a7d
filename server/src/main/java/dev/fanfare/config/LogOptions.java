package dev.fanfare.config;

/// How the log is written.
public record LogOptions(Format format, Level level) {

  /// The shape of a line.
  public enum Format {
    TEXT,
    JSON
  }

  /// What is worth a line.
  public enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  public static final LogOptions DEFAULTS = new LogOptions(Format.TEXT, Level.INFO);
}
