package dev.fanfare.http;

import static dev.fanfare.http.RateLimit.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// A node accepts its share of a limit of 100 per second, and the share may change.
final class DividedBucketTest {

  private static final int LIMIT = 100;

  private final DividedBucket bucket = new DividedBucket(0);
  private long nowNs;

  private int take(int tokens, double share) {
    return bucket.take(tokens, LIMIT, share, nowNs);
  }

  private int takeAll(int seconds, double share) {
    int taken = 0;
    long endNs = nowNs + TimeUnit.SECONDS.toNanos(seconds);
    for (; nowNs < endNs; nowNs += TimeUnit.MILLISECONDS.toNanos(1)) {
      taken += take(1, share) == TAKEN ? 1 : 0;
    }
    return taken;
  }

  @Test
  void oneSecondsShareIsThereAtOnce() {
    assertThat(take(30, 40)).isEqualTo(TAKEN);
    assertThat(take(11, 40)).isEqualTo(10);
    assertThat(take(10, 40)).isEqualTo(TAKEN);
    assertThat(take(1, 40)).isZero();
    nowNs = TimeUnit.MILLISECONDS.toNanos(500);
    assertThat(take(21, 40)).isEqualTo(20);
    assertThat(take(20, 40)).isEqualTo(TAKEN);
  }

  @Test
  void theRateIsTheShare() {
    assertThat(takeAll(1, 40)).isBetween(78, 80);
    assertThat(takeAll(10, 40)).isBetween(399, 401);
    assertThat(takeAll(10, 0.5)).isBetween(0, 5);
  }

  @Test
  void aRequestForMoreThanTheShareIsPaidOff() {
    assertThat(take(LIMIT + 1, 10)).isEqualTo(10);
    assertThat(take(LIMIT, 10)).isEqualTo(TAKEN);
    nowNs = TimeUnit.SECONDS.toNanos(9);
    assertThat(take(1, 10)).isZero();
    nowNs = TimeUnit.SECONDS.toNanos(10);
    assertThat(take(LIMIT, 10)).isEqualTo(TAKEN);
  }

  @Test
  void aLargerShareAppliesAtOnce() {
    assertThat(take(LIMIT, 1)).isEqualTo(TAKEN);
    nowNs = TimeUnit.MILLISECONDS.toNanos(900);
    assertThat(take(91, 100)).isEqualTo(90);
    nowNs = TimeUnit.MILLISECONDS.toNanos(1_900);
    assertThat(take(100, 100)).isEqualTo(TAKEN);
  }

  @Test
  void whatIsGivenBackCanBeTakenAgain() {
    assertThat(take(40, 40)).isEqualTo(TAKEN);
    bucket.giveBack(30);
    assertThat(take(30, 40)).isEqualTo(TAKEN);
    assertThat(take(1, 40)).isZero();
  }
}
