package dev.fanfare.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// Which of an app's webhooks a command is about: those for one endpoint, and of one period.
final class SelectionOption {

  private static final String TIME = "TIME";

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "Only webhooks for this endpoint, with its URL as configured.")
  private @Nullable String endpoint;

  @Option(
      names = "--since",
      paramLabel = TIME,
      converter = Moment.class,
      description =
          "Only events from this time on: 2026-01-31T10:00:00Z, with a UTC offset instead of Z, or"
              + " how long ago: 90s, 30m, 2h, 1d.")
  private @Nullable Instant since;

  @Option(
      names = "--until",
      paramLabel = TIME,
      converter = Moment.class,
      description = "Only events before this time.")
  private @Nullable Instant until;

  /// True if an option was given, so that not all webhooks are meant.
  boolean isGiven() {
    return endpoint != null || since != null || until != null;
  }

  /// The parameters of a request, percent-encoded; empty for all webhooks.
  String query() {
    List<String> parameters = new ArrayList<>();
    if (endpoint != null) {
      String encoded = URLEncoder.encode(endpoint, StandardCharsets.UTF_8);
      parameters.add("endpoint=" + encoded.replace("+", "%20"));
    }
    if (since != null) {
      parameters.add("since_ms=" + since.toEpochMilli());
    }
    if (until != null) {
      parameters.add("until_ms=" + until.toEpochMilli());
    }
    return String.join("&", parameters);
  }

  /// Reads a moment, or how long ago it was.
  static final class Moment implements ITypeConverter<Instant> {

    private static final Pattern AGO = Pattern.compile("([0-9]{1,6})([smhd])");

    private final InstantSource clock = InstantSource.system();

    @Override
    public Instant convert(String text) {
      Matcher ago = AGO.matcher(text);
      try {
        return ago.matches()
            ? clock.instant().minus(duration(Long.parseLong(ago.group(1)), ago.group(2)))
            : OffsetDateTime.parse(text).toInstant();
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' is neither a time such as 2026-01-31T10:00:00Z nor an age such as 2h");
      }
    }

    private static Duration duration(long number, String unit) {
      return switch (unit) {
        case "s" -> Duration.ofSeconds(number);
        case "m" -> Duration.ofMinutes(number);
        case "h" -> Duration.ofHours(number);
        default -> Duration.ofDays(number);
      };
    }
  }
}
