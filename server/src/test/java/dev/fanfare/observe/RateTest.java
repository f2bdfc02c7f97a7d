package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The arithmetic of rate limits, compared with exact fractions.
final class RateTest {

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /// The clock may begin anywhere, and wrap.
  private static final long NOW = Long.MAX_VALUE - SECOND_NS / 2;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 10, 999, 1_000, 31_607, 31_622, 1_000_000})
  void aBurstIsExactOneByOneAndAtOnce(int perSecond) {
    Rate rate = Rate.perSecond(perSecond);
    long full = rate.filled(perSecond, NOW);
    assertThat(rate.left(full, NOW)).isEqualTo(perSecond);
    assertThat(rate.allows(full, perSecond, NOW)).isTrue();
    assertThat(rate.allows(full, perSecond + 1, NOW)).isFalse();
    for (int taken = 0; taken < perSecond; taken++) {
      if (taken % 1_000 < 10) {
        assertThat(rate.left(full, NOW)).isEqualTo(perSecond - taken);
      }
      assertThat(rate.allows(full, 1, NOW)).isTrue();
      full = rate.take(full, 1, NOW);
    }
    assertThat(rate.left(full, NOW)).isZero();
    assertThat(rate.allows(full, 1, NOW)).isFalse();
    assertThat(rate.allows(full, 1, NOW + SECOND_NS / perSecond + 1)).isTrue();
    assertThat(rate.left(full, NOW + SECOND_NS)).isEqualTo(perSecond);
    assertThat(rate.left(full, NOW + 3 * SECOND_NS)).as("never more").isEqualTo(perSecond);
  }

  @Test
  void aBurstAboveIsTooLargeByLittle() {
    Rate rate = Rate.perSecond(700_000);
    long full = NOW;
    int taken = 0;
    while (rate.allows(full, 1, NOW)) {
      full = rate.take(full, 1, NOW);
      taken++;
    }
    assertThat(taken).isBetween(700_000, 700_700);
  }

  @Test
  void aBurstMayBeMoreThanASecondsWorth() {
    Rate rate = new Rate(3, 10);
    long full = rate.filled(2, NOW);
    assertThat(rate.left(full, NOW)).isEqualTo(2);
    full = rate.take(full, 2, NOW);
    assertThat(rate.waitNs(full, 1, NOW)).isCloseTo(SECOND_NS / 3, within(3L));
    assertThat(rate.waitNs(full, 2, NOW)).isCloseTo(2 * SECOND_NS / 3, within(3L));
    assertThat(rate.left(full, NOW + 10 * SECOND_NS / 3 + 1)).isEqualTo(10);
  }

  @Test
  void moreMayBeTakenThanThereIs() {
    Rate rate = Rate.perSecond(10);
    long full = rate.take(NOW, 25, NOW);
    assertThat(rate.left(full, NOW)).isZero();
    assertThat(rate.waitNs(full, 0, NOW)).isEqualTo(3 * SECOND_NS / 2);
    assertThat(rate.left(full, NOW + 2 * SECOND_NS)).isEqualTo(5);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    Rate rate = Rate.perSecond(10);
    long full = rate.giveBack(rate.take(NOW, 10, NOW), 4);
    assertThat(rate.left(full, NOW)).isEqualTo(4);
    assertThat(rate.left(rate.giveBack(full, 9), NOW)).as("never more").isEqualTo(10);
  }

  @Test
  void centuriesAndLargeNumbersDoNotOverflow() {
    Rate slow = new Rate(1, 2_000_000_000);
    long full = slow.filled(0, 0);
    assertThat(slow.left(full, 0)).isZero();
    assertThat(slow.left(full, TimeUnit.DAYS.toNanos(1))).isEqualTo(86_400);
    assertThat(slow.left(full, TimeUnit.DAYS.toNanos(100_000))).isEqualTo(2_000_000_000);
    Rate fast = Rate.perSecond(1_000_000_000);
    assertThat(fast.left(fast.take(0, 1, 0), 0)).isEqualTo(999_999_999);
  }

  /// Random requests at random times: no decision differs from that of exact fractions unless it is
  /// a matter of the rounding, which is one nanosecond for each request.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void itDecidesAsExactFractionsDo(long seed) {
    Random random = new Random(seed);
    int perSecond = 1 + random.nextInt(50);
    int burst = 1 + random.nextInt(100);
    Rate rate = new Rate(perSecond, burst);
    BigDecimal exact = BigDecimal.valueOf(burst);
    BigDecimal slack = BigDecimal.valueOf(1e-4);
    long nowNs = NOW;
    long full = rate.filled(burst, nowNs);
    for (int step = 0; step < 2_000; step++) {
      long elapsedNs = random.nextLong(SECOND_NS / 5);
      nowNs += elapsedNs;
      BigDecimal earned =
          BigDecimal.valueOf(elapsedNs)
              .multiply(BigDecimal.valueOf(perSecond))
              .divide(BigDecimal.valueOf(SECOND_NS), MathContext.DECIMAL128);
      exact = exact.add(earned).min(BigDecimal.valueOf(burst));
      BigDecimal tokens = BigDecimal.valueOf(1 + random.nextInt(5));
      boolean isAllowed = rate.allows(full, tokens.longValue(), nowNs);
      if (exact.subtract(tokens).abs().compareTo(slack) > 0) {
        assertThat(isAllowed).as("step " + step).isEqualTo(exact.compareTo(tokens) >= 0);
      }
      if (isAllowed) {
        full = rate.take(full, tokens.longValue(), nowNs);
        exact = exact.subtract(tokens);
      }
    }
  }
}
