package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// The times of retries, in milliseconds since the first event of the request.
final class RetryScheduleTest {

  /// Always the same random number, from 0 to 1.
  private static RandomGenerator fixed(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException("only doubles are used");
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  /// The times of all attempts, if each fails immediately.
  private static List<Long> attempts(RetrySchedule schedule, long timeMs) {
    List<Long> times = new ArrayList<>();
    long now = timeMs;
    OptionalLong delay;
    do {
      times.add(now - timeMs);
      delay = schedule.delayMs(times.size(), timeMs, now);
      now += delay.orElse(0);
    } while (delay.isPresent());
    return times;
  }

  @Test
  void delaysDoubleUpToAMinuteAndEndWithinFive() {
    assertThat(attempts(new RetrySchedule(fixed(0)), 1_700_000_000_000L))
        .containsExactly(
            0L, 1_000L, 3_000L, 7_000L, 15_000L, 31_000L, 63_000L, 123_000L, 183_000L, 243_000L,
            296_000L);
  }

  @Test
  void jitterShortensADelayByAFifthAtMost() {
    assertThat(attempts(new RetrySchedule(fixed(1)), 0))
        .startsWith(0L, 800L, 2_400L, 5_600L, 12_000L)
        .endsWith(296_000L);
    RetrySchedule schedule = new RetrySchedule(new SplittableRandom(1));
    for (int attempt = 1; attempt < 100; attempt++) {
      long full = Math.min(60_000, 1_000L << Math.min(attempt - 1, 10));
      assertThat(schedule.delayMs(attempt, 0, 0).orElseThrow()).isBetween(full * 4 / 5, full);
    }
  }

  @Test
  void theLastAttemptEndsInTime() {
    RetrySchedule schedule = new RetrySchedule(fixed(0));
    assertThat(schedule.delayMs(9, 0, 295_999)).hasValue(1);
    assertThat(schedule.delayMs(9, 0, 296_000)).isEmpty();
    assertThat(schedule.isOver(0, 295_999)).isFalse();
    assertThat(schedule.isOver(0, 296_000)).isTrue();
  }
}
