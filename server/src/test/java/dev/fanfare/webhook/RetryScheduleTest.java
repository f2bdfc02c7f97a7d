package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// When a request is sent again, in milliseconds since its first event.
final class RetryScheduleTest {

  /// Always the same chance, from 0 to 1.
  private static RandomGenerator chance(double value) {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        throw new UnsupportedOperationException("only doubles are asked for");
      }

      @Override
      public double nextDouble() {
        return value;
      }
    };
  }

  /// The moments of all attempts, if each fails at once.
  private static List<Long> attempts(RetrySchedule schedule, long timeMs) {
    List<Long> moments = new ArrayList<>();
    long now = timeMs;
    OptionalLong delay;
    do {
      moments.add(now - timeMs);
      delay = schedule.delayMs(moments.size(), timeMs, now);
      now += delay.orElse(0);
    } while (delay.isPresent());
    return moments;
  }

  @Test
  void waitsDoubleUpToAMinuteAndEndWithinFive() {
    assertThat(attempts(new RetrySchedule(chance(0)), 1_700_000_000_000L))
        .containsExactly(
            0L, 1_000L, 3_000L, 7_000L, 15_000L, 31_000L, 63_000L, 123_000L, 183_000L, 243_000L,
            296_000L);
  }

  @Test
  void chanceShortensAWaitByAFifthAtMost() {
    assertThat(attempts(new RetrySchedule(chance(1)), 0))
        .startsWith(0L, 800L, 2_400L, 5_600L, 12_000L)
        .endsWith(296_000L);
    RetrySchedule schedule = new RetrySchedule(new SplittableRandom(1));
    for (int attempt = 1; attempt < 100; attempt++) {
      long full = Math.min(60_000, 1_000L << Math.min(attempt - 1, 10));
      assertThat(schedule.delayMs(attempt, 0, 0).orElseThrow()).isBetween(full * 4 / 5, full);
    }
  }

  @Test
  void theLastAttemptCanEndInTime() {
    RetrySchedule schedule = new RetrySchedule(chance(0));
    assertThat(schedule.delayMs(9, 0, 295_999)).hasValue(1);
    assertThat(schedule.delayMs(9, 0, 296_000)).isEmpty();
    assertThat(schedule.isOver(0, 295_999)).isFalse();
    assertThat(schedule.isOver(0, 296_000)).isTrue();
  }
}
