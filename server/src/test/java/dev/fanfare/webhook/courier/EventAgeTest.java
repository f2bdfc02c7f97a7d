package dev.fanfare.webhook.courier;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.StallClock;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// A stall or a step of the wall clock does not make events too old to be sent.
final class EventAgeTest {

  private final ManualClock machine = new ManualClock();
  private final StallClock clock = new StallClock(machine);
  private Duration step = Duration.ZERO;
  private final EventAge age = new EventAge(this::now, clock);

  private Instant now() {
    return machine.instant().plus(step);
  }

  private Duration ageOf(long createdMs) {
    return Duration.ofMillis(now().toEpochMilli() - age.sinceMs(createdMs));
  }

  /// The process runs: a lane ticks every second.
  private void run(int seconds) {
    for (int i = 0; i < seconds; i++) {
      machine.advance(Duration.ofSeconds(1));
      clock.tick();
    }
  }

  @Test
  void eventsAgeWhileTheProcessRuns() {
    long created = now().toEpochMilli();
    run(299);
    assertThat(ageOf(created)).hasSeconds(299);
  }

  @Test
  void aStallDoesNotAgeEventsThatWaited() {
    long created = now().toEpochMilli();
    run(10);
    machine.advance(Duration.ofMinutes(10));
    assertThat(ageOf(created)).as("one second may have been real").hasSeconds(11);
    run(30);
    assertThat(ageOf(created)).hasSeconds(41);
    long later = now().toEpochMilli();
    run(30);
    assertThat(ageOf(later)).hasSeconds(30);
  }

  @Test
  void aStepOfTheWallClockDoesNotAgeEventsEither() {
    long created = now().toEpochMilli();
    run(10);
    step = Duration.ofHours(1);
    assertThat(ageOf(created)).hasSeconds(10);
    step = Duration.ofHours(-1);
    assertThat(ageOf(created)).as("not sent for too long, but not given up").isNegative();
  }
}
