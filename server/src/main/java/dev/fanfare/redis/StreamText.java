package dev.fanfare.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import dev.fanfare.history.shared.Values;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

  /// What Redis has as a value: its version, a space, and the bytes.
  static Values.Value value(byte @Nullable [] found) {
    if (found == null) {
      return new Values.Value("-", new byte[0]);
    }
    int space = 0;
    while (found[space] != ' ') {
      space++;
    }
    return new Values.Value(
        new String(found, 0, space, UTF_8), Arrays.copyOfRange(found, space + 1, found.length));
  }

  /// What Redis has of the readers of a channel, by their names.
  static Map<String, Streams.Cursor> cursors(Map<String, byte[]> found) {
    Map<String, Streams.Cursor> cursors = new TreeMap<>();
    found.forEach((reader, value) -> {
      String[] parts = text(value).split(" ", 2);
      cursors.put(reader, new Streams.Cursor(id(parts[0]), Long.parseLong(parts[1])));
    });
    return cursors;
  }
}
