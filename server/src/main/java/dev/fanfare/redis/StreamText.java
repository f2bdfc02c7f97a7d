package dev.fanfare.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.history.EventId;
import java.util.Locale;

/// How numbers, names and ids are written in Redis.
final class StreamText {

  private static final int RADIX = 10;

  private StreamText() {}

  static byte[] bytes(Object value) {
    return value.toString().getBytes(UTF_8);
  }

  static String text(byte[] value) {
    return new String(value, UTF_8);
  }

  /// An id as a text that is ordered like ids.
  static String padded(EventId id) {
    return String.format(Locale.ROOT, "%019d-%019d", id.ms(), id.number());
  }

  static EventId id(String text) {
    int dash = text.indexOf('-');
    return new EventId(
        Long.parseLong(text, 0, dash, RADIX), Long.parseLong(text, dash + 1, text.length(), RADIX));
  }
}
