package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// When a mute connection is given up.
final class ReconnectsTest {

  private final Reconnects reconnects = new Reconnects();

  private static long ms(long ms) {
    return TimeUnit.MILLISECONDS.toNanos(ms);
  }

  @Test
  void aDeafNodeReconnectsAfterThreeSecondsAndEveryFiveAgain() {
    assertThat(reconnects.isDue(ms(2_999), false, ms(10_000))).isFalse();
    assertThat(reconnects.isDue(ms(3_000), false, ms(10_001))).isTrue();
    assertThat(reconnects.isDue(ms(3_001), false, ms(10_002))).isFalse();
    assertThat(reconnects.isDue(ms(7_999), false, ms(15_000))).isFalse();
    assertThat(reconnects.isDue(ms(8_000), false, ms(15_001))).isTrue();
    assertThat(reconnects.isDue(ms(8_001), false, ms(15_002))).isFalse();
  }

  @Test
  void aNodeThatHearsAgainBeginsAgain() {
    assertThat(reconnects.isDue(ms(3_000), false, ms(1))).isTrue();
    assertThat(reconnects.isDue(0, false, ms(2))).isFalse();
    assertThat(reconnects.isDue(ms(3_000), false, ms(3))).isTrue();
  }

  @Test
  void aNodeThatNoOtherHearsReconnectsAtOnce() {
    assertThat(reconnects.isDue(0, true, ms(1))).isTrue();
    assertThat(reconnects.isDue(0, true, ms(5_000))).isFalse();
    assertThat(reconnects.isDue(0, true, ms(5_001))).isTrue();
  }
}
