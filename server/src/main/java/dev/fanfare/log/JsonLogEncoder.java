package dev.fanfare.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import org.slf4j.event.KeyValuePair;

/// Log lines for machines: one flat JSON object per line, `time`, `level`, `logger` and `message`
/// first, then the fields of the event, then `exception` with the trace if there is one.
public final class JsonLogEncoder extends LogEncoder {

  @Override
  void append(StringBuilder out, ILoggingEvent event) {
    out.append('{');
    field(out, "time", time(event));
    field(out, "level", event.getLevel().toString());
    field(out, "logger", logger(event));
    field(out, "message", message(event));
    for (KeyValuePair field : fields(event)) {
      if (field.value instanceof Integer || field.value instanceof Long) {
        name(out, field.key);
        out.append(field.value);
      } else {
        field(out, field.key, String.valueOf(field.value));
      }
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown != null) {
      StringBuilder trace = new StringBuilder();
      Trace.append(trace, thrown);
      field(out, "exception", trace.toString());
    }
    out.append('}');
  }

  private static void field(StringBuilder out, String name, String value) {
    name(out, name);
    out.append('"');
    LogText.append(out, value, "\"\\");
    out.append('"');
  }

  private static void name(StringBuilder out, String name) {
    if (out.length() > 1) {
      out.append(',');
    }
    out.append('"').append(name).append("\":");
  }
}
