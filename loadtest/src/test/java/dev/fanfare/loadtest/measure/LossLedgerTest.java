package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.loadtest.measure.LossLedger.Event;
import dev.fanfare.loadtest.measure.LossLedger.Source;
import dev.fanfare.loadtest.measure.LossLedger.State;
import org.junit.jupiter.api.Test;

/// Two subscribers of one channel and one publisher; times in milliseconds.
final class LossLedgerTest {

  private final LossLedger ledger = new LossLedger(2, 1, 1);
  private final Source source = new Source(0);

  @Test
  void whatArrivesEverywhereInOrderHasNoFindings() {
    subscribed(0, 0);
    subscribed(1, 0);
    for (int i = 0; i < 3; i++) {
      Event event = accepted(i);
      arrived(0, event, i + 1);
      arrived(1, event, i + 2);
    }
    assertThat(verdict()).isEqualTo("lost 0, with node 0, missed 0, doubled 0, disordered 0");
    assertThat(ledger.delivered()).isEqualTo(6);
    assertThat(ledger.late()).isZero();
    assertThat(ledger.latency().count()).isEqualTo(6);
  }

  @Test
  void anAcceptedEventThatDoesNotArriveIsLost() {
    subscribed(0, 0);
    subscribed(1, 0);
    arrived(0, accepted(10), 11);
    assertThat(verdict()).isEqualTo("lost 1, with node 0, missed 0, doubled 0, disordered 0");
  }

  @Test
  void unansweredAndRefusedEventsAreNotOwed() {
    subscribed(0, 0);
    subscribed(1, 0);
    sent(10);
    sent(11).answered(false);
    assertThat(verdict()).isEqualTo("lost 0, with node 0, missed 0, doubled 0, disordered 0");
    assertThat(ledger.count(State.UNANSWERED)).isEqualTo(1);
    assertThat(ledger.count(State.REFUSED)).isEqualTo(1);
  }

  @Test
  void doubledDisorderedAndLateEventsAreCounted() {
    subscribed(0, 0);
    subscribed(1, 0);
    Event first = accepted(10);
    Event second = accepted(11);
    arrived(0, second, 12);
    arrived(0, first, 1_010);
    arrived(0, first, 1_011);
    arrived(1, first, 12);
    arrived(1, second, 1_010);
    assertThat(verdict()).isEqualTo("lost 0, with node 0, missed 0, doubled 1, disordered 1");
    assertThat(ledger.late()).isEqualTo(1);
  }

  @Test
  void eventsOfTwoConnectionsHaveNoCommonOrder() {
    subscribed(0, 0);
    subscribed(1, 0);
    Event before = accepted(10);
    Event after = ledger.sent(0, new Source(0), ns(20), ns(20));
    after.answered(true);
    for (int subscriber = 0; subscriber < 2; subscriber++) {
      arrived(subscriber, after, 21);
      arrived(subscriber, before, 22);
    }
    assertThat(verdict()).isEqualTo("lost 0, with node 0, missed 0, doubled 0, disordered 0");
  }

  @Test
  void theLastEventsOfABrokenConnectionAreLostWithItsNode() {
    subscribed(0, 0);
    subscribed(1, 0);
    accepted(10); // lost, long before the end
    accepted(5_000);
    source.broken(ns(5_500));
    assertThat(verdict()).isEqualTo("lost 2, with node 2, missed 0, doubled 0, disordered 0");
  }

  @Test
  void aClientMissesWhatIsPublishedUntilItIsBack() {
    subscribed(0, 0);
    subscribed(1, 0);
    Event early = accepted(100);
    ledger.left(1, ns(5_000));
    Event between = accepted(5_050);
    subscribed(1, 5_100);
    Event late = accepted(5_200);
    for (Event event : new Event[] {early, between, late}) {
      arrived(0, event, 5_201);
    }
    assertThat(verdict()).isEqualTo("lost 2, with node 0, missed 1, doubled 0, disordered 0");
    arrived(1, late, 5_300);
    assertThat(verdict()).isEqualTo("lost 1, with node 0, missed 1, doubled 0, disordered 0");
  }

  @Test
  void otherChannelsAndUnknownNumbersAreMisdirected() {
    subscribed(0, 0);
    ledger.arrived(0, 1, 0, ns(1));
    ledger.arrived(0, 0, 0, ns(1));
    assertThat(ledger.misdirected()).isEqualTo(2);
  }

  private void subscribed(int subscriber, long ms) {
    ledger.subscribed(subscriber, ns(ms));
  }

  private Event sent(long ms) {
    return ledger.sent(0, source, ns(ms), ns(ms));
  }

  private Event accepted(long ms) {
    Event event = sent(ms);
    event.answered(true);
    return event;
  }

  private void arrived(int subscriber, Event event, long ms) {
    ledger.arrived(subscriber, event.channel(), event.number(), ns(ms));
  }

  private String verdict() {
    return "lost %d, with node %d, missed %d, doubled %d, disordered %d"
        .formatted(
            ledger.lost(),
            ledger.lostWithNode(),
            ledger.missedWhileAway(),
            ledger.duplicated(),
            ledger.outOfOrder());
  }

  private static long ns(long ms) {
    return ms * 1_000_000;
  }
}
