package dev.fanfare.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/// Sets up where and how log lines are written. The format is fixed at the start; the level is not.
public final class LogOutput {

  private LogOutput() {}

  /// Passes the options to logback.xml, which is read when the first logger is made: so this comes
  /// before it.
  public static void setUp(LogOptions options) {
    System.setProperty("FANFARE_LOG", options.format().name().toLowerCase(Locale.ROOT));
    System.setProperty("FANFARE_LOG_LEVEL", options.level().name());
  }

  /// Changes the minimum level of a running server. Any thread.
  public static void setLevel(LogOptions.Level level) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.getLogger("dev.fanfare").setLevel(Level.valueOf(level.name()));
    }
  }

  /// Writes what is still in the queue, for at most a second. Nothing can be logged after it.
  public static void flush() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.stop();
    }
  }
}
