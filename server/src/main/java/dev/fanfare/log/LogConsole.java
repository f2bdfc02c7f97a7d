package dev.fanfare.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.Vital;

/// Writes log lines to stdout. A line that cannot be written is reported on stderr and ends
/// nothing: Logback's own thread would die of an `Error`, and the log with it. Called by that
/// thread.
public final class LogConsole extends ConsoleAppender<ILoggingEvent> {

  private static final Vital VITAL = new Vital("fanfare-log");

  /// The pulse of the log's thread.
  public static Vital vital() {
    return VITAL;
  }

  @Override
  protected void append(ILoggingEvent event) {
    VITAL.busy();
    try {
      super.append(event);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      System.err.println("fanfare: a log line could not be written: " + e);
    } finally {
      VITAL.idle();
    }
  }
}
