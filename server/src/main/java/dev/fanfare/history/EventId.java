package dev.fanfare.history;

import dev.fanfare.protocol.Parsed;

/// The id of a kept event, `MS-SEQ` as Redis Streams write it: ids of one channel ascend. Opaque to
/// apps, and a string because numbers in JSON are exact up to 2^53 only.
///
/// @param ms milliseconds since 1970 when the event was kept, or later if the clock went back
/// @param number distinguishes the events of one millisecond, from 0
public record EventId(long ms, long number) implements Comparable<EventId> {

  /// Below the id of every event.
  public static final EventId NONE = new EventId(0, 0);

  /// Digits of a long that cannot overflow.
  private static final int MAX_DIGITS = 18;

  /// Reads an id as subscribers and the HTTP API write it.
  public static Parsed<EventId> parse(String text) {
    int dash = text.indexOf('-');
    return dash > 0 && isNumber(text, 0, dash) && isNumber(text, dash + 1, text.length())
        ? new Parsed.Ok<>(
            new EventId(
                Long.parseLong(text, 0, dash, 10),
                Long.parseLong(text, dash + 1, text.length(), 10)))
        : new Parsed.Bad<>("an event id looks like 1764270000123-0");
  }

  private static boolean isNumber(String text, int from, int to) {
    if (to <= from || to - from > MAX_DIGITS) {
      return false;
    }
    for (int i = from; i < to; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  /// The id of an event that is kept after this one.
  public EventId next(long nowMs) {
    return nowMs > ms ? new EventId(nowMs, 0) : new EventId(ms, number + 1);
  }

  @Override
  public int compareTo(EventId other) {
    return ms == other.ms ? Long.compare(number, other.number) : Long.compare(ms, other.ms);
  }

  @Override
  public String toString() {
    return ms + "-" + number;
  }
}
