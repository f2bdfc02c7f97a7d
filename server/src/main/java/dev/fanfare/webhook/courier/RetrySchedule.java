package dev.fanfare.webhook.courier;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// When a failed request is sent again: after 1, 2, 4, 8 … seconds, at most 60, until five minutes
/// after its `time_ms` (section 7.2). SDKs reject older requests.
///
/// Each delay is shortened by up to a fifth at random, so that endpoints that failed together are
/// not retried together. The last attempt starts when there is just enough time left for it.
///
/// @param random the source of randomness
public record RetrySchedule(RandomGenerator random) {

  /// Milliseconds that one attempt may take, from connecting to the end of the response.
  static final long ATTEMPT_MS = TimeUnit.SECONDS.toMillis(4);

  /// Milliseconds after which an event is given up.
  static final long LIFE_MS = TimeUnit.MINUTES.toMillis(5);

  private static final long FIRST_MS = TimeUnit.SECONDS.toMillis(1);
  private static final long LONGEST_MS = TimeUnit.SECONDS.toMillis(60);
  private static final double JITTER = 0.2;

  /// Milliseconds to wait before the next attempt, or empty if there is none.
  ///
  /// @param attempts attempts so far, at least one
  /// @param timeMs when the first event of the request happened
  OptionalLong delayMs(int attempts, long timeMs, long nowMs) {
    if (isOver(timeMs, nowMs)) {
      return OptionalLong.empty();
    }
    long full = Math.min(LONGEST_MS, FIRST_MS << Math.min(attempts - 1, 10));
    long delay = Math.round(full * (1 - JITTER * random.nextDouble()));
    return OptionalLong.of(Math.min(delay, lastStartMs(timeMs) - nowMs));
  }

  /// True if an event that happened at `timeMs` is too old for another attempt.
  boolean isOver(long timeMs, long nowMs) {
    return nowMs >= lastStartMs(timeMs);
  }

  private static long lastStartMs(long timeMs) {
    return timeMs + LIFE_MS - ATTEMPT_MS;
  }
}
