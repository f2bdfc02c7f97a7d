package dev.fanfare.console.route;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Query;
import java.util.regex.Pattern;

/// Which part of a list is asked for.
///
/// @param before only elements with lower numbers
/// @param limit of elements, from 1 to [#MAX]
public record ListPart(long before, int limit) {

  /// Elements of one answer.
  public static final int MAX = 100;

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,18}");

  /// Reads `before` and `limit`, which may both be missing.
  public static Parsed<ListPart> parse(Query query) {
    String limit = query.get("limit");
    boolean isLimit =
        limit == null
            || (DIGITS.matcher(limit).matches()
                && Long.parseLong(limit) >= 1
                && Long.parseLong(limit) <= MAX);
    return switch (number(query, "before", Long.MAX_VALUE)) {
      case Parsed.Bad<Long> bad -> new Parsed.Bad<>(bad.reason());
      case Parsed.Ok<Long>(Long before) ->
          isLimit
              ? new Parsed.Ok<>(new ListPart(before, limit == null ? MAX : Integer.parseInt(limit)))
              : new Parsed.Bad<>("limit must be a whole number from 1 to " + MAX);
    };
  }

  /// Reads a parameter that is a whole number.
  ///
  /// @param missing its value if it is missing
  public static Parsed<Long> number(Query query, String name, long missing) {
    String text = query.get(name);
    if (text == null) {
      return new Parsed.Ok<>(missing);
    }
    return DIGITS.matcher(text).matches()
        ? new Parsed.Ok<>(Long.parseLong(text))
        : new Parsed.Bad<>(name + " must be a whole number");
  }
}
