package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Ten per second, however they are spaced.
final class TokenBucketTest {

  private final TokenBucket bucket = new TokenBucket(10, 0);

  @Test
  void aBurstOfOneSecondPassesAndThenOnePerTenth() {
    for (int i = 0; i < 10; i++) {
      assertThat(bucket.tryTake(0)).isTrue();
    }
    assertThat(bucket.tryTake(0)).isFalse();
    long nowNs = TimeUnit.MILLISECONDS.toNanos(101);
    assertThat(bucket.tryTake(nowNs)).isTrue();
    assertThat(bucket.tryTake(nowNs)).isFalse();
  }

  /// Ten tenths of a token are one; with floating point they would be slightly less.
  @Test
  void manySmallStepsLoseNothing() {
    while (bucket.tryTake(0)) {
      // empty it
    }
    for (int step = 1; step <= 100; step++) {
      long nowNs = TimeUnit.MILLISECONDS.toNanos(10L * step);
      assertThat(bucket.tryTake(nowNs)).as("step " + step).isEqualTo(step % 10 == 0);
    }
  }

  @Test
  void aLargerBurstRefillsAtTheSameRate() {
    TokenBucket large = new TokenBucket(10, 1_000_000_000, 2, 0);
    assertThat(large.tryTake(0)).isTrue();
    assertThat(large.waitNs(0)).isZero();
    assertThat(large.tryTake(0)).isTrue();
    assertThat(large.tryTake(0)).isFalse();
    assertThat(large.waitNs(0)).isEqualTo(TimeUnit.MILLISECONDS.toNanos(100));
    assertThat(large.tryTake(large.waitNs(0))).isTrue();
    long nowNs = TimeUnit.DAYS.toNanos(100_000);
    assertThat(large.tryTake(nowNs)).as("no overflow").isTrue();
    assertThat(large.waitNs(nowNs)).isZero();
  }

  @Test
  void aLongPauseRefillsOneSecondsWorth() {
    long nowNs = TimeUnit.HOURS.toNanos(1);
    int taken = 0;
    while (bucket.tryTake(nowNs)) {
      taken++;
    }
    assertThat(taken).isEqualTo(10);
  }
}
