package dev.fanfare.console.row;

import dev.fanfare.protocol.Parsed;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// With which of the rows that are remembered a stream begins.
///
/// @param after those with higher numbers; [#NOW] for none
/// @param last how many of the newest, if there is no number
public record StreamStart(long after, int last) {

  /// With what happens from now on.
  public static final StreamStart FROM_NOW = new StreamStart(StreamStart.NOW, 0);

  static final long NOW = -1;

  /// Rows that may be asked for.
  static final int MAX_LAST = RowStream.RATE;

  private static final Pattern ID = Pattern.compile("([0-9a-z]{1,13})-([0-9]{1,18})");
  private static final Pattern COUNT = Pattern.compile("[0-9]{1,3}");

  /// Reads what a client has sent.
  ///
  /// @param id of the last event that it has got; null if it begins. One of another life of the
  ///   server stands before all rows of this one
  /// @param last how many rows it asks for; null for none
  /// @param life of this server
  public static Parsed<StreamStart> parse(@Nullable String id, @Nullable String last, String life) {
    boolean isCount =
        last == null || (COUNT.matcher(last).matches() && Integer.parseInt(last) <= MAX_LAST);
    if (!isCount) {
      return new Parsed.Bad<>("last must be a whole number up to " + MAX_LAST);
    }
    Matcher parts = id == null ? null : ID.matcher(id);
    if (parts != null && parts.matches()) {
      long number = parts.group(1).equals(life) ? Long.parseLong(parts.group(2)) : 0;
      return new Parsed.Ok<>(new StreamStart(number, 0));
    }
    return new Parsed.Ok<>(new StreamStart(NOW, last == null ? 0 : Integer.parseInt(last)));
  }
}
