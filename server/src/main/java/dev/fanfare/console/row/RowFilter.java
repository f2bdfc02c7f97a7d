package dev.fanfare.console.row;

import dev.fanfare.app.ChannelPattern;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Selects the rows of one app that a stream shows.
///
/// @param channel what whole names of channels look like
/// @param exact what other fields must be; an address is the beginning of one
public record RowFilter(String app, Set<Row.Kind> kinds, ChannelPattern channel, Exact exact) {

  /// Null for anything.
  public record Exact(
      @Nullable String event,
      @Nullable String socket,
      @Nullable String user,
      @Nullable String address) {}

  /// Reads the query of a stream. Requests are shown only if they are asked for: most of them are
  /// publishes, which are shown anyway.
  public static Parsed<RowFilter> parse(String app, Query query) {
    Set<Row.Kind> kinds = EnumSet.complementOf(EnumSet.of(Row.Kind.REQUEST));
    String names = query.get("kind");
    if (names != null) {
      kinds.clear();
      for (String name : names.split(",", -1)) {
        Row.Kind kind = kind(name);
        if (kind == null) {
          return new Parsed.Bad<>("kind is " + name + ", but must be some of " + allKinds());
        }
        kinds.add(kind);
      }
    }
    String expression = query.get("channel");
    ChannelPattern channel = ChannelPattern.parse(expression == null ? "" : expression);
    if (channel == null) {
      return new Parsed.Bad<>("channel is no regular expression in the syntax of RE2");
    }
    Exact exact =
        new Exact(query.get("event"), query.get("socket"), query.get("user"), query.get("address"));
    return new Parsed.Ok<>(new RowFilter(app, kinds, channel, exact));
  }

  private static Row.@Nullable Kind kind(String name) {
    return Arrays.stream(Row.Kind.values())
        .filter(kind -> kind.text().equals(name))
        .findFirst()
        .orElse(null);
  }

  private static String allKinds() {
    return Arrays.stream(Row.Kind.values()).map(Row.Kind::text).collect(Collectors.joining(", "));
  }

  /// True if the row is shown.
  public boolean selects(Row row) {
    String channelName = row.channel();
    String address = row.address();
    return row.app().equals(app)
        && kinds.contains(row.kind())
        && (channel.equals(ChannelPattern.ANY)
            || (channelName != null && channel.matches(channelName)))
        && is(exact.event(), row.event())
        && is(exact.socket(), row.socket())
        && is(exact.user(), row.user())
        && (exact.address() == null || (address != null && address.startsWith(exact.address())));
  }

  private static boolean is(@Nullable String wanted, @Nullable String actual) {
    return wanted == null || wanted.equals(actual);
  }
}
