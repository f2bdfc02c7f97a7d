package dev.fanfare.loadtest.abuse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class DeliveriesTest {

  /// Subscribers 0 and 2 of channel 0, subscriber 1 of channel 1.
  private final Deliveries deliveries = new Deliveries(new int[] {0, 1, 0}, 2);

  @Test
  void eventsOfAChannelArriveAtItsSubscribers() {
    int event = deliveries.begin(0, 0, 7);
    assertThat(deliveries.isComplete(1)).isFalse();
    deliveries.answered(event, true);
    assertThat(deliveries.arrived(0, event)).hasValue(7);
    assertThat(deliveries.isComplete(1)).isFalse();
    assertThat(deliveries.arrived(2, event)).hasValue(7);
    assertThat(deliveries.isComplete(1)).isTrue();
    assertThat(deliveries.take(1)).isEqualTo(new Deliveries.Check(1, 1, 0, 0, 0, ""));
  }

  @Test
  void missingDeliveriesAreLost() {
    int event = deliveries.begin(1, 0, System.nanoTime());
    deliveries.answered(event, true);
    var _ = deliveries.arrived(0, event);
    Deliveries.Check check = deliveries.take(1);
    assertThat(check.lost()).isEqualTo(1);
    assertThat(check.firstLost())
        .matches("event 0 of publisher 1, due \\d+ ms ago, for subscriber 2");
  }

  @Test
  void refusedEventsMayArriveOrNot() {
    int event = deliveries.begin(0, 0, 0);
    deliveries.answered(event, false);
    var _ = deliveries.arrived(0, event);
    assertThat(deliveries.isComplete(1)).isTrue();
    assertThat(deliveries.take(1)).isEqualTo(new Deliveries.Check(1, 0, 0, 0, 0, ""));
  }

  @Test
  void duplicatesAndDisorderAreCounted() {
    int first = deliveries.begin(0, 1, 0);
    int second = deliveries.begin(0, 1, 0);
    var _ = deliveries.arrived(1, second);
    var _ = deliveries.arrived(1, first);
    assertThat(deliveries.arrived(1, first)).isEmpty();
    Deliveries.Check check = deliveries.take(2);
    assertThat(check.outOfOrder()).isEqualTo(1);
    assertThat(check.duplicated()).isEqualTo(1);
  }

  @Test
  void laterEventsAreKept() {
    int first = deliveries.begin(0, 1, 0);
    int second = deliveries.begin(0, 1, 9);
    deliveries.answered(first, true);
    deliveries.answered(second, true);
    assertThat(deliveries.take(second).lost()).isEqualTo(1);
    assertThat(deliveries.arrived(1, first)).isEmpty();
    assertThat(deliveries.arrived(1, second)).hasValue(9);
    assertThat(deliveries.take(deliveries.next()).lost()).isZero();
  }
}
