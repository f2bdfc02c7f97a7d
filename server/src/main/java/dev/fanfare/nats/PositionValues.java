package dev.fanfare.nats;

import dev.fanfare.history.EventId;
import dev.fanfare.history.shared.Streams;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The values of the key-value bucket as lines of text, which an operator can read: fields
/// separated by a space, of which only the last may be empty.
final class PositionValues {

  private PositionValues() {}

  /// The position of a narrow identity.
  ///
  /// @param untilMs when it ends, by the clock of the engine
  record Held(String owner, Streams.Position position, long untilMs) {

    byte[] encode() {
      return bytes(
          untilMs
              + " "
              + position.confirmed()
              + " "
              + StreamNames.token(owner)
              + " "
              + position.sockets());
    }

    static Held decode(byte[] value) {
      String[] fields = text(value).split(" ", 4);
      return new Held(
          fields[2], new Streams.Position(id(fields[1]), fields[3]), Long.parseLong(fields[0]));
    }

    boolean isOf(String other) {
      return owner.equals(StreamNames.token(other));
    }
  }

  /// A position that waits for a wide identity.
  record Waiting(EventId confirmed, long untilMs) {

    private static final Comparator<Waiting> BY_END = Comparator.comparingLong(Waiting::untilMs);

    static byte[] encode(List<Waiting> all) {
      StringBuilder lines = new StringBuilder();
      all.forEach(
          each -> lines.append(each.untilMs).append(' ').append(each.confirmed).append('\n'));
      return bytes(lines.toString());
    }

    /// Those that have not ended.
    static List<Waiting> decode(byte @Nullable [] value, long nowMs) {
      List<Waiting> all = new ArrayList<>();
      for (String line : value == null ? List.<String>of() : text(value).lines().toList()) {
        String[] fields = line.split(" ", 2);
        Waiting each = new Waiting(id(fields[1]), Long.parseLong(fields[0]));
        if (each.untilMs > nowMs) {
          all.add(each);
        }
      }
      return all;
    }

    /// Adds one; of too many, the two that end next become one.
    static void add(List<Waiting> all, Waiting added) {
      all.add(added);
      all.sort(BY_END);
      if (all.size() > Streams.MAX_WAITING) {
        Waiting one = all.removeFirst();
        Waiting other = all.removeFirst();
        EventId older =
            one.confirmed.compareTo(other.confirmed) < 0 ? one.confirmed : other.confirmed;
        all.addFirst(new Waiting(older, other.untilMs));
      }
    }
  }

  /// The cursor of a reader.
  ///
  /// @param untilMs when it is forgotten, by the clock of the engine
  record Seen(Streams.Cursor cursor, long untilMs) {

    static byte[] encode(Map<String, Seen> all) {
      StringBuilder lines = new StringBuilder();
      all.forEach((reader, each) ->
          lines
              .append(each.untilMs)
              .append(' ')
              .append(each.cursor.seenMs())
              .append(' ')
              .append(each.cursor.confirmed())
              .append(' ')
              .append(URLEncoder.encode(reader, StandardCharsets.UTF_8))
              .append('\n'));
      return bytes(lines.toString());
    }

    /// Those that are not forgotten.
    static Map<String, Seen> decode(byte @Nullable [] value, long nowMs) {
      Map<String, Seen> all = new TreeMap<>();
      for (String line : value == null ? List.<String>of() : text(value).lines().toList()) {
        String[] fields = line.split(" ", 4);
        Streams.Cursor cursor = new Streams.Cursor(id(fields[2]), Long.parseLong(fields[1]));
        long untilMs = Long.parseLong(fields[0]);
        if (untilMs > nowMs) {
          all.put(URLDecoder.decode(fields[3], StandardCharsets.UTF_8), new Seen(cursor, untilMs));
        }
      }
      return all;
    }

    /// A reader was seen; of too many, the one that was seen least recently is forgotten.
    static void add(Map<String, Seen> all, String reader, Seen added) {
      Seen known = all.get(reader);
      EventId confirmed = added.cursor.confirmed();
      EventId newest =
          known != null && known.cursor.confirmed().compareTo(confirmed) > 0
              ? known.cursor.confirmed()
              : confirmed;
      all.put(reader, new Seen(new Streams.Cursor(newest, added.cursor.seenMs()), added.untilMs));
      if (all.size() > Streams.MAX_READERS) {
        all.entrySet().stream()
            .filter(each -> !each.getKey().equals(reader))
            .min(Comparator.comparingLong(each -> each.getValue().cursor.seenMs()))
            .map(Map.Entry::getKey)
            .ifPresent(all::remove);
      }
    }
  }

  private static EventId id(String text) {
    int dash = text.indexOf('-');
    return new EventId(
        Long.parseLong(text.substring(0, dash)), Long.parseLong(text.substring(dash + 1)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.UTF_8);
  }
}
