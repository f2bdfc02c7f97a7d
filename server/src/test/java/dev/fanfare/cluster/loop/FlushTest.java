package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When waiting items are sent.
final class FlushTest {

  private static final long SECOND_NS = 1_000_000_000;

  private final Flush flush = new Flush();

  @Test
  void aLoneItemIsSentAtOnce() {
    assertThat(flush.isDue(true, 100, 0, 5)).isTrue();
    assertThat(flush.isWaiting()).isTrue();
    flush.onFlushed();
    assertThat(flush.isDue(false, 500, 1, 6)).isFalse();
    assertThat(flush.isWaiting()).isFalse();
    assertThat(flush.sleepNs(SECOND_NS, 6)).isEqualTo(SECOND_NS);
  }

  @Test
  void whatComesWhileADatagramIsInFlightGoesWithItsCompletion() {
    assertThat(flush.isDue(true, 100, 1, 5)).isFalse();
    assertThat(flush.isWaiting()).isTrue();
    assertThat(flush.isDue(true, 200, 0, 6)).isTrue();
  }

  @Test
  void orAfterAMillisecond() {
    assertThat(flush.isDue(true, 100, 1, 5)).isFalse();
    assertThat(flush.sleepNs(SECOND_NS, 5)).isEqualTo(Flush.MAX_WAIT_NS);
    assertThat(flush.sleepNs(10, 5)).isEqualTo(10);
    assertThat(flush.isDue(true, 150, 1, 4 + Flush.MAX_WAIT_NS)).isFalse();
    assertThat(flush.sleepNs(SECOND_NS, 4 + Flush.MAX_WAIT_NS)).isOne();
    assertThat(flush.isDue(true, 150, 1, 5 + Flush.MAX_WAIT_NS)).isTrue();
    assertThat(flush.sleepNs(SECOND_NS, 9 + Flush.MAX_WAIT_NS)).isZero();
    flush.onFlushed();
    assertThat(flush.isDue(true, 10, 1, 6 + Flush.MAX_WAIT_NS)).as("it starts again").isFalse();
  }

  @Test
  void orOnceADatagramIsFull() {
    assertThat(flush.isDue(true, Flush.FULL_BYTES - 1, 1, 5)).isFalse();
    assertThat(flush.isDue(true, Flush.FULL_BYTES, 1, 5)).isTrue();
  }
}
