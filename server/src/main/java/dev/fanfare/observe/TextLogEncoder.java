package dev.fanfare.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.slf4j.event.KeyValuePair;

/// Log lines for people: time, level, component, message, fields as `key=value`. The trace of an
/// exception follows on lines of its own, each with a tab or a word of ours in front.
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
