package dev.fanfare.webhook.outbox;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.fanfare.observe.Component;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The lines that the package logs while this is open.
public final class WarningLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Logger logger = (Logger) Component.WEBHOOKS.logger();
  private final @Nullable Level level = logger.getLevel();

  private WarningLog() {}

  public static WarningLog open() {
    WarningLog log = new WarningLog();
    log.setContext(log.logger.getLoggerContext());
    log.start();
    log.logger.setAdditive(false); // the lines are for the test, not for the console
    log.logger.setLevel(Level.INFO);
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
    logger.setLevel(level);
    logger.setAdditive(true);
    stop();
  }
}
