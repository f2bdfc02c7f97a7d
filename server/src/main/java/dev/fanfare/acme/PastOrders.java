package dev.fanfare.acme;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// What is remembered of orders, also by the next process: a server that is restarted again and
/// again must not order as often.
///
/// @param orderedAt when the last certificate was issued; `EPOCH` if none was
/// @param failures since then
/// @param nextAt no order before this time
record PastOrders(Instant orderedAt, int failures, Instant nextAt) {

  static final PastOrders NONE = new PastOrders(Instant.EPOCH, 0, Instant.EPOCH);

  /// Let's Encrypt allows five failures per host and hour.
  private static final Duration AFTER_REFUSAL = Duration.ofMinutes(15);

  private static final Duration MOST_AFTER_REFUSAL = Duration.ofHours(12);
  private static final Duration WITHOUT_ANSWER = Duration.ofMinutes(1);
  private static final Duration MOST_WITHOUT_ANSWER = Duration.ofHours(1);

  /// Between two certificates, whatever the clock and the files say.
  private static final Duration AFTER_SUCCESS = Duration.ofHours(1);

  /// A pause grows by up to this part of it, so that servers that failed together do not return
  /// together.
  private static final double JITTER = 0.1;

  private static final int MAX_DOUBLINGS = 16;

  private static final Pattern LINE = Pattern.compile("(?m)^([a-z-]+): (\\S+)$");

  /// After a certificate was issued.
  static PastOrders succeeded(Instant now) {
    Instant second = now.truncatedTo(ChronoUnit.SECONDS);
    return new PastOrders(second, 0, second.plus(AFTER_SUCCESS));
  }

  /// After an order failed: pauses double from 15 minutes to 12 hours if the authority has refused,
  /// from one minute to one hour if it did not answer.
  ///
  /// @param random from 0 to 1
  PastOrders failed(CertificateAuthority.Failed failure, Instant now, double random) {
    Duration first = failure.isAnswered() ? AFTER_REFUSAL : WITHOUT_ANSWER;
    Duration most = failure.isAnswered() ? MOST_AFTER_REFUSAL : MOST_WITHOUT_ANSWER;
    Duration pause = first.multipliedBy(1L << Math.min(failures, MAX_DOUBLINGS));
    if (pause.compareTo(most) > 0) {
      pause = most;
    }
    if (pause.compareTo(failure.pause()) < 0) {
      pause = failure.pause();
    }
    Duration jitter = Duration.ofMillis((long) (pause.toMillis() * JITTER * random));
    Instant next = now.plus(pause).plus(jitter).truncatedTo(ChronoUnit.SECONDS);
    return new PastOrders(orderedAt, failures + 1, next);
  }

  /// True if the calendar has been set back since the last certificate was issued.
  boolean isAhead(Instant now) {
    return orderedAt.isAfter(now);
  }

  /// For people and for [#parse].
  String text() {
    return "ordered-at: " + orderedAt + "\nfailures: " + failures + "\nnext-at: " + nextAt + "\n";
  }

  /// What [#text] wrote; nothing is remembered of a damaged text.
  static PastOrders parse(String text) {
    Matcher lines = LINE.matcher(text);
    Map<String, String> values =
        lines.results().collect(Collectors.toMap(m -> m.group(1), m -> m.group(2), (a, _) -> a));
    try {
      return new PastOrders(
          Instant.parse(values.getOrDefault("ordered-at", "")),
          Integer.parseInt(values.getOrDefault("failures", "")),
          Instant.parse(values.getOrDefault("next-at", "")));
    } catch (DateTimeParseException | NumberFormatException e) {
      return NONE;
    }
  }
}
