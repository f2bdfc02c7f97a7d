package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What logback.xml makes of a message.
final class LogTest {

  private static String line(String message, @Nullable Throwable thrown) throws JoranException {
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogTest.class.getResource("/logback.xml"));
    Logger logger = context.getLogger("dev.fanfare.http.Router");
    ILoggingEvent event = new LoggingEvent("", logger, Level.INFO, message, thrown, new Object[0]);
    AsyncAppender async =
        (AsyncAppender) context.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("async");
    ConsoleAppender<ILoggingEvent> text =
        (ConsoleAppender<ILoggingEvent>) async.getAppender("text");
    String line = new String(text.getEncoder().encode(event), StandardCharsets.UTF_8);
    context.stop();
    return line;
  }

  @Test
  void aLineHasTimeLevelAndShortName() throws JoranException {
    assertThat(line("hello", null))
        .matches("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d{3} INFO  Router: hello\n");
  }

  @Test
  void aMessageCannotForgeAnotherLine() throws JoranException {
    assertThat(line("a\r\n2000-01-01 INFO b", null)).endsWith(": a | 2000-01-01 INFO b\n");
  }

  @Test
  void anExceptionBringsItsTrace() throws JoranException {
    assertThat(line("a", new IllegalStateException("b")))
        .contains(": a\njava.lang.IllegalStateException: b\n\tat ");
  }
}
