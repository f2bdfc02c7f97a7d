package dev.fanfare.config.foreign;

import dev.fanfare.config.schema.ServerSchema;
import dev.fanfare.config.schema.WebhooksSchema;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Converts a value of another server to one of ours, text to text.
enum Conversion {
  SAME("", ""),
  /// A limit; 0 and everything below mean no limit.
  CEILING("-1 is 0, no limit", "a whole number"),
  /// A limit; -1 means no limit. 0 would block everything there, and nothing here.
  RATE("-1 is 0, no limit", "-1 for no limit, or a whole number above 0"),
  KILOBYTES("kB to bytes", "a number of kilobytes"),
  /// Never more than the largest request that can be configured here.
  MEGABYTES("MB to bytes, at most 1024 MB", "a number of megabytes"),
  MILLISECONDS("milliseconds to seconds, rounded up", "a number of milliseconds"),
  SWITCH("also 1, 0, yes, no, on, off", "true or false"),
  /// Log level debug or the default.
  VERBOSE("true is `debug`", "true or false"),
  /// Events share requests for our default time, or each gets a separate one.
  BATCHING("true is 50, false is 0", "true or false"),
  /// Never more than the longest window that can be configured here.
  WINDOW("if batching is on; at most 10000", "a number of milliseconds"),
  /// Without its limit for all messages, client events have none either.
  LIMITED("true is 10, false is 0, no limit", "true or false"),
  PATH("with a leading slash", "a path"),
  WHISPERERS("`none` is `false`, `members` and `all` are `true`", "one of all, members, none"),
  ENDPOINTS("JSON, one endpoint for each URL and filter", "a list of webhooks");

  private static final BigDecimal BYTES_PER_KILOBYTE = BigDecimal.valueOf(1_024);
  private static final BigDecimal MILLISECONDS_PER_SECOND = BigDecimal.valueOf(1_000);
  private static final BigDecimal BYTES_PER_MEGABYTE = BigDecimal.valueOf(1 << 20);
  // As JavaScript reads a number, within reason.
  private static final Pattern NUMBER =
      Pattern.compile("-?(?:[0-9]{1,12}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})(?:[eE][+-]?[0-9]{1,2})?");
  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,12}");

  private final String said;
  private final String allowed;

  Conversion(String said, String allowed) {
    this.said = said;
    this.allowed = allowed;
  }

  /// What it does, for the table; empty if nothing.
  String said() {
    return said;
  }

  /// The values it accepts, to follow "must be".
  String allowed() {
    return allowed;
  }

  /// The text for our option, or null if the other server does not accept the value.
  @Nullable String convert(String text) {
    return switch (this) {
      case SAME, ENDPOINTS -> text;
      case CEILING -> WHOLE.matcher(text).matches() ? (text.startsWith("-") ? "0" : text) : null;
      case RATE -> text.matches("0+") ? null : CEILING.convert(text);
      case KILOBYTES -> scaled(text, BYTES_PER_KILOBYTE, BigDecimal.ONE);
      case MEGABYTES ->
          capped(scaled(text, BYTES_PER_MEGABYTE, BigDecimal.ONE), ServerSchema.MAX_BYTES);
      case WINDOW ->
          capped(scaled(text, BigDecimal.ONE, BigDecimal.ONE), WebhooksSchema.MAX_WINDOW_MS);
      case MILLISECONDS -> scaled(text, BigDecimal.ONE, MILLISECONDS_PER_SECOND);
      case SWITCH -> either(text, "true", "false");
      case VERBOSE -> either(text, "debug", "info");
      case BATCHING -> either(text, "50", "0");
      case LIMITED -> either(text, "10", "0");
      case PATH -> path(text);
      case WHISPERERS ->
          switch (text) {
            case "none" -> "false";
            case "members", "all" -> "true";
            default -> null;
          };
    };
  }

  /// A whole number as plain digits, if `text` is another spelling of one such as `1e3` or `8.0`;
  /// else the text as it is.
  static String plain(String text) {
    if (!NUMBER.matcher(text).matches()) {
      return text;
    }
    BigDecimal number = new BigDecimal(text).stripTrailingZeros();
    return number.scale() <= 0 ? number.toPlainString() : text;
  }

  private static @Nullable String capped(@Nullable String number, int max) {
    return number == null
        ? null
        : new BigDecimal(number).min(BigDecimal.valueOf(max)).toPlainString();
  }

  private static @Nullable String scaled(String text, BigDecimal times, BigDecimal by) {
    return NUMBER.matcher(text).matches()
        ? new BigDecimal(text).multiply(times).divide(by, 0, RoundingMode.CEILING).toPlainString()
        : null;
  }

  private static @Nullable String either(String text, String on, String off) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> on;
      case "false", "0", "no", "off" -> off;
      default -> null;
    };
  }

  private static String path(String text) {
    String inner = text.replaceAll("^/+|/+$", "");
    return inner.isEmpty() ? "" : "/" + inner;
  }
}
