package dev.fanfare.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.slf4j.event.KeyValuePair;

/// Log lines for people: time, level, component, message, fields as `key=value`. The trace of an
/// exception follows on the next lines, each of which begins with a tab, a class name or a caption.
public final class TextLogEncoder extends LogEncoder {

  @Override
  void append(StringBuilder out, ILoggingEvent event) {
    out.append(time(event)).append(' ');
    String level = event.getLevel().toString();
    out.append(level).repeat(' ', Math.max(0, "DEBUG".length() - level.length())).append(' ');
    out.append(logger(event)).append(": ");
    LogText.append(out, message(event), "");
    for (KeyValuePair field : fields(event)) {
      out.append(' ').append(field.key).append('=');
      LogText.appendValue(out, String.valueOf(field.value));
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      out.append('\n');
      Trace.append(out, thrown);
    }
  }
}
