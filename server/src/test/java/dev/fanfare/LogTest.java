package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.spi.AppenderAttachable;
import dev.fanfare.testing.LogFields;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.event.KeyValuePair;

/// What logback.xml makes of a log event, in both formats.
final class LogTest {

  /// Everything that ends a line, moves a cursor, hides, or turns the direction of writing.
  private static final String HOSTILE =
      "a\r\n2000-01-01 INFO b\u001b[2K\u0000\u0007\u007f\u0085\u009b\u2028\u2029\u202e\u200f\u2066c"
          + "\ud83d";

  private static final String HARMLESS =
      "a\\r\\n2000-01-01 INFO b\\u001b[2K\\u0000\\u0007\\u007f\\u0085\\u009b\\u2028\\u2029\\u202e"
          + "\\u200f\\u2066c\\ud83d";

  private static String line(
      String format, String message, @Nullable Throwable thrown, KeyValuePair... fields)
      throws JoranException {
    System.setProperty("FANFARE_LOG", format);
    LoggerContext context = new LoggerContext();
    context.setMDCAdapter(new LogbackMDCAdapter());
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(LogTest.class.getResource("/logback.xml"));
    Logger logger = context.getLogger("dev.fanfare.api");
    LoggingEvent event = new LoggingEvent("", logger, Level.INFO, message, thrown, new Object[0]);
    event.setKeyValuePairs(List.of(fields));
    Appender<ILoggingEvent> async =
        context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME).getAppender("async");
    ConsoleAppender<ILoggingEvent> console = console(async, format);
    String line = new String(console.getEncoder().encode(event), StandardCharsets.UTF_8);
    context.stop();
    return line;
  }

  @SuppressWarnings("unchecked")
  private static ConsoleAppender<ILoggingEvent> console(
      Appender<ILoggingEvent> async, String name) {
    return (ConsoleAppender<ILoggingEvent>)
        ((AppenderAttachable<ILoggingEvent>) async).getAppender(name);
  }

  @AfterEach
  void restore() {
    System.clearProperty("FANFARE_LOG");
  }

  @Test
  void aTextLineHasTimeWithZoneLevelComponentMessageAndFields() throws JoranException {
    assertThat(line("text", "hello", null, new KeyValuePair("a", 1), new KeyValuePair("b", "x y")))
        .matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)"
                + " INFO  api: hello a=1 b=\"x y\"\n");
  }

  @Test
  void aJsonLineIsOneFlatObject() throws JoranException {
    String line =
        line("json", "say \"hi\" \\", null, new KeyValuePair("a", 1), new KeyValuePair("b", "x y"));
    assertThat(line)
        .matches(
            "\\{\"time\":\"\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}(Z|[+-]\\d\\d:\\d\\d)\",\"level\":\"INFO\",\"logger\":\"api\",\"message\":\"say"
                + " \\\\\"hi\\\\\" \\\\\\\\\",\"a\":1,\"b\":\"x y\"}\n");
    assertThat(LogFields.of(line))
        .containsEntry("message", "say \"hi\" \\")
        .containsEntry("a", "1")
        .containsEntry("b", "x y");
  }

  @Test
  void aFieldCannotPassForTwo() throws JoranException {
    KeyValuePair channel = new KeyValuePair("channel", "a socket=\"1.1\"");
    assertThat(line("text", "m", null, channel)).endsWith(": m channel=\"a socket=\\\"1.1\\\"\"\n");
    assertThat(line("text", "m", null, new KeyValuePair("channel", "")))
        .endsWith(": m channel=\"\"\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text", "json"})
  void textFromClientsCanForgeNothing(String format) throws JoranException {
    String line =
        line(format, HOSTILE, new IllegalStateException(HOSTILE), new KeyValuePair("x", HOSTILE));
    String own =
        format.equals("text") ? line.replace("\n\tat ", "").replace("\n" + "java", "") : line;
    assertThat(own.substring(0, own.length() - 1))
        .contains(HARMLESS)
        .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}]");
  }

  @Test
  void anEmojiStaysAnEmoji() throws JoranException {
    assertThat(line("text", "caf\u00e9 \ud83d\ude00", null)).endsWith(": caf\u00e9 \ud83d\ude00\n");
  }

  @Test
  void anExceptionBringsItsTraceAndItsCauses() throws JoranException {
    IllegalStateException thrown = new IllegalStateException("b", new RuntimeException("c\nd"));
    assertThat(line("text", "a", thrown))
        .contains(": a\njava.lang.IllegalStateException: b\n\tat ")
        .containsPattern(
            "\nCaused by: java.lang.RuntimeException: c\\\\nd\n(\tat .*\n)*\t... \\d+ more");
    assertThat(LogFields.of(line("json", "a", thrown)).get("exception"))
        .startsWith("java.lang.IllegalStateException: b\n\tat ")
        .contains("\nCaused by: java.lang.RuntimeException: c\\nd\n");
  }
}
