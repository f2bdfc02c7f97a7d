package dev.fanfare.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import org.slf4j.event.KeyValuePair;

/// Turns log events into lines of UTF-8. Called by the log's own thread.
abstract class LogEncoder extends EncoderBase<ILoggingEvent> {

  private static final int TYPICAL_CHARS = 256;
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSXXX");

  @Override
  public final byte[] encode(ILoggingEvent event) {
    // Libraries catch and log what our code would not survive.
    if (event.getThrowableProxy() instanceof ThrowableProxy proxy) {
      HeapExhaustion.exitIf(proxy.getThrowable());
    }
    StringBuilder out = new StringBuilder(TYPICAL_CHARS);
    append(out, event);
    return out.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  /// Appends the event without the line break at its end.
  abstract void append(StringBuilder out, ILoggingEvent event);

  /// ISO 8601 with milliseconds and the offset of the machine's time zone.
  static String time(ILoggingEvent event) {
    return ISO.format(Instant.ofEpochMilli(event.getTimeStamp()).atZone(ZoneId.systemDefault()));
  }

  /// The component, or a library's full logger name.
  static String logger(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.startsWith(Component.PREFIX) ? name.substring(Component.PREFIX.length()) : name;
  }

  /// The event's own text; empty if it has none.
  static String message(ILoggingEvent event) {
    String message = event.getFormattedMessage();
    return message == null ? "" : message;
  }

  static Iterable<KeyValuePair> fields(ILoggingEvent event) {
    Iterable<KeyValuePair> fields = event.getKeyValuePairs();
    return fields == null ? java.util.List.of() : fields;
  }

  @Override
  public final byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public final byte[] footerBytes() {
    return new byte[0];
  }
}
