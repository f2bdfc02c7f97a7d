package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.Member;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Nodes on an engine that works, and on one that loses datagrams.
final class MeshTest {

  private static final int SECOND = 1_000;

  private final Lab lab = new Lab();
  private final Lab.Station a = lab.station(10);
  private final Lab.Station b = lab.station(20);

  @Test
  void aNodeGetsWhatTheOtherOwnsAndThenEachChange() {
    a.subscribe("c");
    a.publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    a.publish(new BusMessage.Online("1", "u"));
    a.publish(new BusMessage.Connections("1", 3));
    lab.run(SECOND);
    a.publish(new BusMessage.Left("1", "presence-c", "u", true));
    a.publish(new BusMessage.Offline("1", "u"));
    a.unsubscribe("c");
    lab.run(SECOND);
    assertThat(b.received).hasSize(7);
    assertThat(b.received)
        .contains(
            new BusMessage.Joined("1", "presence-c", new Member("u", "{}")),
            new BusMessage.Online("1", "u"),
            new BusMessage.Connections("1", 3));
    assertThat(b.received.subList(4, 6))
        .containsExactly(
            new BusMessage.Left("1", "presence-c", "u", true), new BusMessage.Offline("1", "u"));
    assertThat(a.received).isEmpty();
    assertThat(b.state().isComplete()).isTrue();
    assertThat(b.state().isJoining()).isFalse();
  }

  @Test
  void eventsGoOnlyToNodesWithASubscriber() {
    Lab.Station c = lab.station(30);
    b.subscribe("c");
    lab.run(SECOND);
    a.event("c", "1");
    a.event("d", "2");
    lab.run(SECOND);
    assertThat(b.events()).containsExactly("1");
    assertThat(c.events()).isEmpty();
    assertThat(a.state().totals().eventsSent()).isEqualTo(1);
  }

  @Test
  void everyEventArrivesOnceAndInOrderAlthoughDatagramsAreLost() {
    b.subscribe("c");
    lab.run(SECOND);
    int[] datagrams = {0};
    lab.loss = (_, _) -> ++datagrams[0] % 3 != 0;
    List<String> events = IntStream.range(0, 500).mapToObj(Integer::toString).toList();
    events.forEach(event -> {
      a.event("c", event);
      lab.run(5);
    });
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    assertThat(b.events()).isEqualTo(events);
    assertThat(a.state().totals().retransmissions()).isPositive();
  }

  /// The publisher learns of a subscription later than it was made.
  @Test
  void anEventPublishedRightAfterASubscriptionElsewhereArrives() {
    lab.transitMs = 20;
    lab.run(2 * SECOND);
    a.event("c", "before");
    lab.run(60);
    b.subscribe("c");
    lab.run(1);
    a.event("c", "after");
    lab.run(SECOND);
    assertThat(b.events()).containsExactly("after");
  }

  /// Forced by the simulation: the recent events remember whom they were given to.
  @Test
  void aSubscriptionThatEndsAndComesBackDoublesNoEvent() {
    lab.transitMs = 20;
    lab.run(2 * SECOND);
    b.subscribe("c");
    a.event("c", "event");
    lab.run(5);
    b.unsubscribe("c");
    lab.run(5);
    b.subscribe("c");
    lab.run(SECOND);
    b.unsubscribe("c");
    b.publish(new BusMessage.Interest("1", "c", 1, lab.nowNs() - 1_100_000_000L));
    lab.run(SECOND);
    assertThat(b.events()).containsExactly("event");
  }

  /// Forced by the simulation: the report was under way for so long that none of the beats that it
  /// names is known.
  @Test
  void aSubscriptionThatIsReportedLongAfterwardsGetsWhatItHasMissed() {
    lab.run(SECOND);
    lab.loss = (from, to) -> from == b && to == a;
    b.subscribe("c");
    lab.run(8 * SECOND);
    holdBackWhatBSends();
    a.event("c", "early");
    lab.run(25 * SECOND);
    a.event("c", "late");
    lab.run(500);
    lab.loss = (_, _) -> false;
    lab.run(10 * SECOND);
    assertThat(b.events()).containsExactly("early", "late");
  }

  /// Forced by the simulation: an old beat does not say that its sender has decided nothing since.
  @Test
  void recentEventsAreKeptAlthoughAnOldBeatArrives() {
    lab.run(SECOND);
    lab.loss = (from, to) -> from == b && to == a;
    lab.run(8 * SECOND);
    holdBackWhatBSends();
    b.subscribe("c");
    a.event("c", "event");
    lab.run(40 * SECOND);
    lab.loss = (_, _) -> false;
    lab.run(10 * SECOND);
    assertThat(b.events()).containsExactly("event");
  }

  /// Forced by the simulation: beats that arrive later and later, without a silence, are as old.
  @Test
  void recentEventsAreKeptWhileBeatsAreLate() {
    lab.run(SECOND);
    for (lab.transitMs = 1; lab.transitMs < 5L * SECOND; lab.transitMs++) {
      lab.run(2);
    }
    b.subscribe("c");
    lab.run(1);
    a.event("c", "event");
    lab.run(20 * SECOND);
    assertThat(b.events()).containsExactly("event");
    assertThat(a.logged(MeshListener.Absent.class)).isEmpty();
  }

  /// A subscription that did not fit into b's queue is sent when b has counted again.
  @Test
  void recentEventsAreKeptWhileANodeIsBehind() {
    lab.run(SECOND);
    long subscribedNs = lab.nowNs();
    b.mesh.behind(true);
    lab.run(1);
    a.event("c", "event");
    lab.run(20 * SECOND);
    assertThat(a.state().logBytes()).isPositive();
    b.mesh.resync(List.of(new BusMessage.Interest("1", "c", 1, subscribedNs)), lab.nowNs());
    b.mesh.behind(false);
    lab.run(SECOND);
    assertThat(b.events()).containsExactly("event");
    lab.run(10 * SECOND);
    assertThat(a.state().logBytes()).as("what is still kept").isZero();
  }

  /// What b, which is gone for a, sends for four seconds arrives half a minute later; and nothing
  /// that it sends then.
  private void holdBackWhatBSends() {
    assertThat(a.logged(MeshListener.Gone.class)).hasSize(1);
    lab.loss = (_, _) -> false;
    lab.transitMs = 30L * SECOND;
    lab.run(4 * SECOND);
    lab.transitMs = 1;
    lab.loss = (from, to) -> from == b && to == a;
  }

  /// Forced by the simulation: the age of an item counts from its own datagram, although it waits
  /// for an earlier one.
  @Test
  void anItemThatWaitsForAnEarlierOneKeepsItsTime() {
    b.subscribe("c");
    lab.run(SECOND);
    lab.loss = (from, _) -> from == a;
    a.event("c", "lost");
    lab.run(5);
    lab.loss = (_, _) -> false;
    a.event("c", "waits");
    long publishedNs = lab.nowNs();
    lab.run(3 * SECOND);
    assertThat(b.events()).containsExactly("lost", "waits");
    assertThat(b.asOfNs.getLast() - publishedNs).isBetween(0L, 20_000_000L);
  }

  /// Forced by the simulation: the events are kept from the first beats that are missing, not from
  /// the end of the lease.
  @Test
  void whatASubscriberMissedDuringAnOutageArrivesAfterwards() {
    lab.run(2 * SECOND);
    lab.loss = (from, to) -> from != to;
    a.event("c", "before the subscription");
    lab.run(SECOND);
    b.subscribe("c");
    lab.run(SECOND);
    a.event("c", "early");
    lab.run(20 * SECOND);
    a.event("c", "late");
    lab.run(20 * SECOND);
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    assertThat(b.events()).containsExactly("early", "late");
    assertThat(b.state().totals().eventsLate()).isEqualTo(2);
    assertThat(b.logged(MeshListener.Back.class)).hasSize(1);
  }

  /// Even if the window is full, so that no new item shows the gap, and although the time until the
  /// next retransmission has doubled several times.
  @Test
  void whatAnOutageHasLostIsSentAgainAsSoonAsTheOtherIsHeard() {
    b.subscribe("c");
    lab.run(2 * SECOND);
    for (int outageMs = 10 * SECOND; outageMs < 14 * SECOND; outageMs += 500) {
      String name = "outage of " + outageMs + " ms";
      lab.loss = (_, _) -> true; // nodes do not hear themselves, either
      a.event("c", name);
      IntStream.range(0, OutLink.MAX_UNACKED).forEach(i -> a.event("c", name + " " + i));
      lab.run(outageMs);
      lab.loss = (_, _) -> false;
      lab.run(400); // a beat of each and the tick after it
      assertThat(b.events()).contains(name);
      lab.run(2 * SECOND);
    }
    assertThat(b.events()).doesNotHaveDuplicates();
  }

  /// Forced by the simulation: the log is shortened when the other has caught up.
  @Test
  void theLogOfRecentEventsIsShortAgainWhenAllHaveCaughtUp() {
    lab.run(2 * SECOND);
    lab.loss = (from, to) -> from != to;
    for (int i = 0; i < 30; i++) {
      a.event("c", "event");
      lab.run(SECOND);
    }
    assertThat(a.state().logNs()).isGreaterThan(25_000_000_000L);
    lab.loss = (_, _) -> false;
    lab.run(3 * SECOND);
    assertThat(a.state().logNs()).isLessThan(9_000_000_000L);
  }

  /// Forced by the simulation: a node that another one names counts as absent.
  @Test
  void eventsAreKeptForANodeThatOnlyAnotherOneHears() {
    Lab.Station c = lab.station(30);
    lab.loss = (from, to) -> (from == a && to == c) || (from == c && to == a);
    lab.run(SECOND);
    c.subscribe("c");
    lab.run(SECOND);
    a.event("c", "1");
    lab.run(15 * SECOND);
    a.event("c", "2");
    lab.run(15 * SECOND);
    assertThat(c.events()).isEmpty();
    lab.loss = (_, _) -> false;
    lab.run(3 * SECOND);
    assertThat(c.events()).containsExactly("1", "2");
  }

  @Test
  void whatFactsWereLostOnTheWayIsRepairedByASnapshot() {
    a.subscribe("c");
    a.subscribe("d");
    lab.run(SECOND);
    b.received.clear();
    a.mesh.resync(
        List.of(new BusMessage.Interest("1", "d", 1, 0), new BusMessage.Online("1", "u")),
        lab.nowNs());
    lab.run(SECOND);
    assertThat(b.received)
        .hasSize(2)
        .contains(new BusMessage.Online("1", "u"))
        .anySatisfy(message ->
            assertThat(message)
                .isInstanceOfSatisfying(
                    BusMessage.Interest.class, i -> assertThat(i.channel()).isEqualTo("c")));
    lab.run(11 * SECOND);
    assertThat(b.state().totals().divergences()).isZero();
  }
}
