package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// When waiting items are sent.
final class FlushTest {

  private static final long SECOND_NS = 1_000_000_000;

  private final Flush flush = new Flush();

  @Test
  void aLoneItemIsSentAtOnce() {
    flush.onTaken(1);
    assertThat(flush.isDue(true, 100, 5)).isTrue();
    flush.onFlushed(5);
    assertThat(flush.isDue(false, 0, 6)).isFalse();
    assertThat(flush.mayMessagesWait()).isFalse();
    assertThat(flush.sleepNs(SECOND_NS, 6)).isEqualTo(SECOND_NS);
    assertThat(flush.isDue(true, 100, 5 + Flush.GAP_NS)).isTrue();
  }

  @Test
  void whatFollowsWithinTheGapGoesTogetherAtItsEnd() {
    assertThat(flush.isDue(true, 100, 5)).isTrue();
    flush.onFlushed(5);
    assertThat(flush.isDue(true, 100, 6)).isFalse();
    assertThat(flush.mayMessagesWait()).isTrue();
    assertThat(flush.sleepNs(SECOND_NS, 6)).isEqualTo(Flush.GAP_NS - 1);
    assertThat(flush.sleepNs(10, 6)).isEqualTo(10);
    assertThat(flush.isDue(true, 150, 4 + Flush.GAP_NS)).isFalse();
    assertThat(flush.sleepNs(SECOND_NS, 4 + Flush.GAP_NS)).isOne();
    assertThat(flush.sleepNs(SECOND_NS, 9 + Flush.GAP_NS)).isZero();
    assertThat(flush.isDue(true, 150, 5 + Flush.GAP_NS)).isTrue();
    flush.onFlushed(5 + Flush.GAP_NS);
    assertThat(flush.isDue(true, 10, 6 + Flush.GAP_NS)).as("it starts again").isFalse();
  }

  @Test
  void orOnceADatagramIsFull() {
    assertThat(flush.isDue(true, 100, 5)).isTrue();
    flush.onFlushed(5);
    assertThat(flush.isDue(true, Flush.FULL_BYTES - 1, 5)).isFalse();
    assertThat(flush.isDue(true, Flush.FULL_BYTES, 5)).isTrue();
    assertThat(flush.mayMessagesWait()).isFalse();
  }

  @Test
  void aClosedWindowMakesNothingWait() {
    assertThat(flush.isDue(true, 100, 5)).isTrue();
    flush.onFlushed(5);
    assertThat(flush.isDue(false, 100, 6)).isFalse();
    assertThat(flush.mayMessagesWait()).isFalse();
  }

  @Test
  void underLoadTheThreadLooksAtTheQueueInsteadOfBeingWoken() {
    flush.onTaken(Flush.BUSY_MESSAGES);
    assertThat(flush.isDue(false, 0, 5)).isFalse();
    assertThat(flush.mayMessagesWait()).isTrue();
    assertThat(flush.sleepNs(SECOND_NS, 5)).isEqualTo(Flush.GAP_NS);
    assertThat(flush.sleepNs(10, 5)).isEqualTo(10);
    flush.onTaken(Flush.BUSY_MESSAGES - 1);
    assertThat(flush.mayMessagesWait()).isFalse();
  }
}
