package dev.fanfare.telemetry;

import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// The context of a trace as the header `traceparent` has it (W3C Trace Context, level 1).
///
/// @param high the first 64 bits of the trace's id
/// @param low the last 64 bits of it
/// @param span the id of the caller's span
/// @param isSampled the caller records the trace
record TraceParent(long high, long low, long span, boolean isSampled) {

  private static final int VERSION_CHARS = 2;
  private static final int TRACE_AT = 3;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;
  private static final int CHARS = 55;
  private static final int LONG_CHARS = 16;
  private static final int IS_SAMPLED = 1;

  /// Reads a header; null if it is not valid. Versions above 00 may have more after a hyphen.
  static @Nullable TraceParent parse(String header) {
    if (header.length() < CHARS
        || !isHex(header, 0, VERSION_CHARS)
        || header.startsWith("ff")
        || header.charAt(VERSION_CHARS) != '-'
        || !isHex(header, TRACE_AT, SPAN_AT - 1)
        || header.charAt(SPAN_AT - 1) != '-'
        || !isHex(header, SPAN_AT, FLAGS_AT - 1)
        || header.charAt(FLAGS_AT - 1) != '-'
        || !isHex(header, FLAGS_AT, CHARS)
        || !mayEnd(header)) {
      return null;
    }
    long high = number(header, TRACE_AT);
    long low = number(header, TRACE_AT + LONG_CHARS);
    long span = number(header, SPAN_AT);
    int flags = HexFormat.fromHexDigits(header, FLAGS_AT, CHARS);
    return (high == 0 && low == 0) || span == 0
        ? null
        : new TraceParent(high, low, span, (flags & IS_SAMPLED) != 0);
  }

  private static boolean mayEnd(String header) {
    return header.length() == CHARS || (!header.startsWith("00") && header.charAt(CHARS) == '-');
  }

  /// Only lower case.
  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  private static long number(String text, int from) {
    return HexFormat.fromHexDigitsToLong(text, from, from + LONG_CHARS);
  }

  /// The trace's id as OTLP has it.
  String traceId() {
    HexFormat hex = HexFormat.of();
    return hex.toHexDigits(high) + hex.toHexDigits(low);
  }
}
