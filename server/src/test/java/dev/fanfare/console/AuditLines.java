package dev.fanfare.console;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/// The lines of the audit log while it is open, as `[who="ann", ...] action: result`.
final class AuditLines implements AutoCloseable {

  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.fanfare.audit");
  private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

  AuditLines() {
    appender.setContext(logger.getLoggerContext());
    appender.start();
    logger.setLevel(Level.INFO); // as in the server's logback.xml
    logger.addAppender(appender);
  }

  List<String> all() {
    return List.copyOf(appender.list).stream()
        .map(event -> event.getKeyValuePairs() + " " + event.getFormattedMessage())
        .toList();
  }

  @Override
  public void close() {
    logger.detachAppender(appender);
    logger.setLevel(null);
  }
}
