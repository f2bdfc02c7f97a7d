package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class StallClockTest {

  private final ManualClock machine = new ManualClock();
  private final StallClock clock = new StallClock(machine);
  private final long startNs = clock.nanoTime();

  private long seconds() {
    return TimeUnit.NANOSECONDS.toSeconds(clock.nanoTime() - startNs);
  }

  /// The process runs: a lane ticks every second.
  private void run(int seconds) {
    for (int i = 0; i < seconds; i++) {
      machine.advance(Duration.ofSeconds(1));
      clock.tick();
    }
  }

  @Test
  void timePassesWhileTheProcessRuns() {
    run(60);
    machine.advance(Duration.ofMillis(2_999));
    assertThat(seconds()).isEqualTo(62);
  }

  @Test
  void aStallIsLeftOutByTheNextReading() {
    run(10);
    machine.advance(Duration.ofSeconds(8));
    assertThat(seconds()).as("one second until the next tick may have been real").isEqualTo(11);
    assertThat(seconds()).isEqualTo(11);
    run(10);
    assertThat(seconds()).isEqualTo(21);
  }

  @Test
  void aStallIsLeftOutByTheNextTick() {
    run(10);
    machine.advance(Duration.ofMinutes(10));
    clock.tick();
    run(10);
    assertThat(seconds()).isEqualTo(21);
  }

  @Test
  void eachOfSeveralStallsIsLeftOut() {
    for (int i = 1; i <= 5; i++) {
      run(4);
      machine.advance(Duration.ofHours(1));
      assertThat(seconds()).isEqualTo(5L * i);
    }
  }

  @Test
  void aStepBackIsLeftOutToo() {
    run(10);
    machine.advance(Duration.ofHours(-1));
    assertThat(seconds()).isEqualTo(11);
    run(10);
    assertThat(seconds()).isEqualTo(21);
  }
}
