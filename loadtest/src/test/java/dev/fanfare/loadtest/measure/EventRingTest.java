package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class EventRingTest {

  private final EventRing ring = new EventRing(4);

  @Test
  void anEventIsCompleteWithItsLastDelivery() {
    ring.open(0, 2, 70);
    assertThat(ring.undelivered()).isEqualTo(1);
    assertThat(ring.deliver(0)).isFalse();
    assertThat(ring.deliver(0)).isTrue();
    assertThat(ring.undelivered()).isZero();
    assertThat(ring.completed()).isEqualTo(1);
  }

  @Test
  void anEventKnowsItsTime() {
    ring.open(6, 1, 1_234);
    assertThat(ring.intendedNs(6)).isEqualTo(1_234);
  }

  @Test
  void aSurplusDeliveryDoesNotCount() {
    ring.open(0, 1, 70);
    assertThat(ring.deliver(0)).isTrue();
    assertThat(ring.deliver(0)).isFalse();
    assertThat(ring.undelivered()).isZero();
  }

  @Test
  void aSlotIsFreeOnceItsEventIsComplete() {
    ring.open(1, 1, 70);
    assertThat(ring.hasRoomFor(5)).isFalse();
    assertThat(ring.deliver(1)).isTrue();
    assertThat(ring.hasRoomFor(5)).isTrue();
  }

  @Test
  void eventWithoutReceiversIsNeverUndelivered() {
    ring.open(0, 0, 70);
    assertThat(ring.undelivered()).isZero();
  }
}
