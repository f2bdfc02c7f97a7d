package dev.fanfare.history.shared;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// How much may be under way to an engine.
final class InFlightTest {

  private static final int HALF = (int) (Streams.MAX_PENDING_BYTES / 2);

  private final InFlight inFlight = new InFlight();

  @Test
  void soManyCalls() {
    for (int i = 0; i < Streams.MAX_PENDING; i++) {
      assertThat(inFlight.enter(0)).isTrue();
    }
    assertThat(inFlight.enter(0)).isFalse();
    inFlight.exit(0);
    assertThat(inFlight.enter(0)).isTrue();
    assertThat(inFlight.enter(0)).isFalse();
  }

  @Test
  void soManyBytes() {
    assertThat(inFlight.enter(HALF)).isTrue();
    assertThat(inFlight.enter(HALF + 1)).isFalse();
    assertThat(inFlight.enter(HALF)).isTrue();
    assertThat(inFlight.enter(1)).isFalse();
    inFlight.exit(HALF);
    assertThat(inFlight.enter(1)).isTrue();
  }
}
