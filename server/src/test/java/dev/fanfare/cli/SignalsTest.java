package dev.fanfare.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// When a reload happens.
final class SignalsTest {

  private static final long PATIENCE_SECONDS = 20;

  @Test
  void aSignalDuringAReloadCausesAnother() throws InterruptedException {
    BlockingQueue<Integer> runs = new LinkedBlockingQueue<>();
    CountDownLatch mayGoOn = new CountDownLatch(1);
    AtomicInteger run = new AtomicInteger();
    Runnable step =
        () -> {
          runs.add(run.incrementAndGet());
          await(mayGoOn);
        };
    Signals signals = new Signals(() -> {}, List.of(step));
    Thread answering = Thread.ofPlatform().daemon().start(signals::answer);
    signals.hangUp();
    assertThat(runs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(1);
    signals.hangUp();
    signals.hangUp();
    mayGoOn.countDown();
    assertThat(runs.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).isEqualTo(2);
    signals.end();
    signals.hangUp();
    assertThat(answering.join(java.time.Duration.ofSeconds(PATIENCE_SECONDS))).isTrue();
    assertThat(runs).as("two that came together, and none after the shutdown began").isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aStepThatFailsDoesNotPreventTheNext(boolean isError) throws InterruptedException {
    CountDownLatch done = new CountDownLatch(1);
    Runnable failing =
        () -> {
          if (isError) {
            throw new LinkageError("on purpose");
          }
          throw new IllegalStateException("on purpose");
        };
    Signals signals = new Signals(() -> {}, List.of(failing, done::countDown));
    Thread.ofPlatform().daemon().start(signals::answer);
    signals.hangUp();
    assertThat(done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    signals.end();
    signals.hangUp();
  }
}
