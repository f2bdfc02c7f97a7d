package dev.fanfare.console.login;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Strangers cannot fill the audit log.
final class AuditedRefusalsTest {

  @Test
  void thereAreSoManyLinesAMinute() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.fanfare.audit");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.setContext(logger.getLoggerContext());
    log.start();
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(log);
    ManualClock clock = new ManualClock();
    AuditedRefusals refusals = new AuditedRefusals(clock);
    try {
      for (int i = 0; i < AuditedRefusals.MAX + 7; i++) {
        refusals.note("unknown", "192.0.2.1", "POST", "/api/login", "no");
      }
      assertThat(log.list).hasSize(AuditedRefusals.MAX);
      clock.advance(Duration.ofSeconds(59));
      refusals.note("unknown", "192.0.2.1", "POST", "/api/login", "no");
      clock.advance(Duration.ofSeconds(1));
      refusals.note("unknown", "192.0.2.1", "POST", "/api/login", "no");
      refusals.note("unknown", "192.0.2.1", "POST", "/api/login", "no");
    } finally {
      logger.detachAppender(log);
      logger.setAdditive(true);
      logger.setLevel(null);
    }
    assertThat(log.list.subList(AuditedRefusals.MAX, log.list.size()))
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "POST /api/login: no (8 more refusals are not in this log)", "POST /api/login: no");
  }
}
