package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

final class LatencyTrackTest {

  private final LatencyTrack track = new LatencyTrack("delivery");

  @Test
  void intervalsAddUpToTheTotal() {
    for (int ms = 1; ms <= 100; ms++) {
      track.record(ms * 1_000_000L);
      if (ms == 50) {
        assertThat(track.closeInterval().count()).isEqualTo(50);
      }
    }
    Latency total = track.total();
    assertThat(total.count()).isEqualTo(100);
    assertThat(total.at(0.5)).isCloseTo(50_000, within(50.0));
    assertThat(total.at(0.99)).isCloseTo(99_000, within(100.0));
    assertThat(total.at(1)).isCloseTo(100_000, within(100.0));
    assertThat(total.meanUs()).isCloseTo(50_500, within(50.0));
  }

  @Test
  void restartDiscardsEverything() {
    track.record(1);
    LatencyTrack.Interval _ = track.closeInterval();
    track.record(1);
    track.restart();
    assertThat(track.total().count()).isZero();
  }

  @Test
  void absurdValuesAreClamped() {
    track.record(-5);
    track.record(Long.MAX_VALUE);
    assertThat(track.total().at(1)).isCloseTo(120e6, within(120e3));
  }
}
