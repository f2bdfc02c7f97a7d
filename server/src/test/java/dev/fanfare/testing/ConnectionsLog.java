package dev.fanfare.testing;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.fanfare.observe.Component;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// The lines about connections that are logged while this is open.
public final class ConnectionsLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) Component.CONNECTIONS.logger();

  private ConnectionsLog() {}

  public static ConnectionsLog open() {
    ConnectionsLog log = new ConnectionsLog();
    log.setContext(log.logger.getLoggerContext());
    log.start();
    log.logger.setAdditive(false); // the lines are for the test, not for the console
    log.logger.addAppender(log);
    return log;
  }

  @Override
  protected void append(ILoggingEvent event) {
    lines.add(event.getFormattedMessage());
  }

  public List<String> lines() {
    return lines;
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setAdditive(true);
    stop();
  }
}
