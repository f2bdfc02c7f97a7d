package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How long the thread of the console pauses.
final class PollPauseTest {

  @Test
  void aPauseGetsLongerWhileNothingHappens() {
    PollPause pause = new PollPause();
    assertThat(
            Stream.of(true, false, false, false, false, false, true, false)
                .map(isBusy -> TimeUnit.NANOSECONDS.toMillis(pause.next(isBusy))))
        .containsExactly(20L, 40L, 80L, 160L, 200L, 200L, 20L, 40L);
  }
}
