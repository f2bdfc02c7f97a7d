package dev.fanfare.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A bucket shared by many threads hands out exactly its rate.
final class SharedBucketTest {

  private static final int TAKEN = RateLimit.TAKEN;

  private final ManualClock clock = new ManualClock();

  @Test
  void allowsABurstOfOneSecondAndThenTheRate() {
    SharedBucket bucket = new SharedBucket(clock.nanoTime());
    assertThat(take(bucket, 3, 4)).isEqualTo(TAKEN);
    assertThat(take(bucket, 2, 4)).as("all or none").isEqualTo(1);
    assertThat(take(bucket, 1, 4)).isEqualTo(TAKEN);
    assertThat(take(bucket, 1, 4)).isZero();
    clock.advance(Duration.ofNanos(249_999_999));
    assertThat(take(bucket, 1, 4)).isZero();
    clock.advance(Duration.ofNanos(1));
    assertThat(take(bucket, 1, 4)).isEqualTo(TAKEN);
  }

  @Test
  void isFullAfterOneSecondAndNeverMore() {
    SharedBucket bucket = new SharedBucket(clock.nanoTime());
    clock.advance(Duration.ofDays(40_000));
    assertThat(take(bucket, 1_000_000_000, 1_000_000_000)).isEqualTo(TAKEN);
    assertThat(take(bucket, 1, 1_000_000_000)).isZero();
  }

  @Test
  void returnedTokensCanBeTakenAgainUpToAFullBucket() {
    SharedBucket bucket = new SharedBucket(clock.nanoTime());
    assertThat(take(bucket, 5, 5)).isEqualTo(TAKEN);
    bucket.giveBack(2, 5);
    assertThat(take(bucket, 3, 5)).isEqualTo(2);
    clock.advance(Duration.ofSeconds(1));
    bucket.giveBack(3, 5);
    assertThat(take(bucket, 6, 5)).isEqualTo(5);
  }

  @Test
  void aThreadWithAnOlderTimeAddsNoTokensTwice() {
    SharedBucket bucket = new SharedBucket(0);
    long second = TimeUnit.SECONDS.toNanos(1);
    assertThat(bucket.take(1, 1, second)).isEqualTo(TAKEN);
    assertThat(bucket.take(1, 1, 0)).isZero();
    assertThat(bucket.take(1, 1, second)).isZero();
    assertThat(bucket.take(1, 1, 2 * second)).isEqualTo(TAKEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 1_000, 4_001})
  void manyThreadsGetExactlyItsContents(int perSecond)
      throws ExecutionException, InterruptedException {
    SharedBucket bucket = new SharedBucket(clock.nanoTime());
    assertThat(takenByMany(bucket, perSecond)).isEqualTo(perSecond);
    clock.advance(Duration.ofSeconds(1));
    assertThat(takenByMany(bucket, perSecond)).isEqualTo(perSecond);
  }

  private int takenByMany(SharedBucket bucket, int perSecond)
      throws ExecutionException, InterruptedException {
    int threads = 8;
    CountDownLatch start = new CountDownLatch(threads);
    Callable<Integer> taker =
        () -> {
          start.countDown();
          start.await();
          int taken = 0;
          for (int i = 0; i < perSecond; i++) {
            taken += take(bucket, 1, perSecond) == TAKEN ? 1 : 0;
          }
          return taken;
        };
    int taken = 0;
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(executor.submit(taker));
      }
      for (Future<Integer> result : results) {
        taken += result.get();
      }
    }
    return taken;
  }

  private int take(SharedBucket bucket, int tokens, int perSecond) {
    return bucket.take(tokens, perSecond, clock.nanoTime());
  }
}
