package dev.fanfare.doctor.step;

import dev.fanfare.doctor.report.Outcome;
import dev.fanfare.doctor.report.Step;
import dev.fanfare.doctor.wire.AppCredentials;
import dev.fanfare.doctor.wire.Deadline;
import dev.fanfare.doctor.wire.HttpAnswer;
import dev.fanfare.doctor.wire.HttpCall;
import dev.fanfare.protocol.Limits;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Compares this machine's clock with the server's. Sends an expired timestamp, because the refusal
/// contains the server's time; the Date header is often a proxy's.
public final class ClockCheck implements Check {

  private static final Pattern SERVER_TIME = Pattern.compile("server time \\(([^)]+)\\)");

  /// Servers report whole seconds, so on average half a second is missing.
  private static final Duration HALF_SECOND = Duration.ofMillis(500);

  private static final Duration MUCH = Duration.ofSeconds(60);

  private final InstantSource clock;

  public ClockCheck(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public Step step() {
    return Step.CLOCK;
  }

  @Override
  public Outcome run(Visit visit, Deadline deadline) throws IOException {
    AppCredentials credentials = visit.credentials();
    String id = credentials.id() == null ? "0" : credentials.id();
    String query = "?auth_key=" + credentials.anyKey() + "&auth_timestamp=1&auth_version=1.0";
    HttpCall call = HttpCall.get("/apps/" + id + "/channels" + query + "&auth_signature=0");
    Instant before = clock.instant();
    HttpAnswer answer = visit.call(call, deadline);
    Instant after = clock.instant();
    Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
    Instant reported = reported(answer);
    if (reported != null) {
      return judge(Duration.between(middle, reported.plus(HALF_SECOND)), "");
    }
    Instant date = date(answer);
    return date == null
        ? new Outcome.Skipped("the server's clock could not be read")
        : judge(
            Duration.between(middle, date.plus(HALF_SECOND)),
            ", according to the Date header, which may be a proxy's");
  }

  private static Outcome judge(Duration ahead, String source) {
    Duration off = ahead.abs();
    String finding =
        off.compareTo(Duration.ofSeconds(1)) <= 0
            ? "the clocks agree to within a second" + source
            : "the server's clock is "
                + off.toSeconds()
                + " s "
                + (ahead.isNegative() ? "behind" : "ahead of")
                + " this machine's"
                + source;
    String remedy =
        "Synchronize both machines by NTP: signatures are valid for "
            + Limits.REQUEST_WINDOW_SECONDS
            + " s before and after the server's time.";
    if (off.toSeconds() >= Limits.REQUEST_WINDOW_SECONDS) {
      return new Outcome.Failed(finding, remedy);
    }
    return off.compareTo(MUCH) > 0
        ? new Outcome.Warned(finding, remedy)
        : new Outcome.Passed(finding);
  }

  private static @Nullable Instant reported(HttpAnswer answer) {
    Matcher matcher = SERVER_TIME.matcher(answer.body());
    try {
      return matcher.find() ? Instant.parse(matcher.group(1)) : null;
    } catch (DateTimeException e) {
      return null;
    }
  }

  private static @Nullable Instant date(HttpAnswer answer) {
    String date = answer.header("Date");
    try {
      return date == null
          ? null
          : ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      return null;
    }
  }
}
