package dev.fanfare.log;

import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;

/// The trace of an exception, one frame per line. The messages in it are escaped: a client's text
/// must not begin a line.
final class Trace {

  private Trace() {}

  /// Appends the trace without a line break at its end.
  static void append(StringBuilder out, IThrowableProxy thrown) {
    append(out, thrown, "", "");
  }

  private static void append(
      StringBuilder out, IThrowableProxy thrown, String indent, String caption) {
    out.append(indent).append(caption).append(thrown.getClassName());
    if (thrown.getMessage() != null) {
      out.append(": ");
      LogText.append(out, thrown.getMessage(), "");
    }
    if (thrown.isCyclic()) {
      out.append(" (shown above)");
      return;
    }
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    int shown = frames.length - thrown.getCommonFrames();
    for (int i = 0; i < shown; i++) {
      out.append('\n').append(indent).append('\t').append(frames[i].getSTEAsString());
    }
    if (shown < frames.length) {
      out.append('\n')
          .append(indent)
          .append("\t... ")
          .append(frames.length - shown)
          .append(" more");
    }
    for (IThrowableProxy suppressed : thrown.getSuppressed()) {
      out.append('\n');
      append(out, suppressed, indent + "\t", "Suppressed: ");
    }
    if (thrown.getCause() != null) {
      out.append('\n');
      append(out, thrown.getCause(), indent, "Caused by: ");
    }
  }
}
