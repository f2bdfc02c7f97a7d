package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.LeaveCause;
import dev.fanfare.channel.OneLane;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One lane's deliveries, turn by turn.
final class LaneTest extends OneLane {

  @Test
  void aLaneThatDoesNotRunIsReportedAsLate() {
    ManualClock clock = new ManualClock();
    assertThat(lane.lagNs(clock, 0)).as("never asked before").isLessThan(2);
    clock.advance(Duration.ofNanos(5_000));
    assertThat(lane.lagNs(clock, 0)).isEqualTo(5_000);
    clock.advance(Duration.ofNanos(2_000));
    assertThat(lane.lagNs(clock, 0)).isEqualTo(7_000);
    clock.advance(Duration.ofNanos(1_000));
    loop.runAll();
    clock.advance(Duration.ofNanos(1_000));
    assertThat(lane.lagNs(clock, 0)).as("until it answered").isEqualTo(8_000);
    clock.advance(Duration.ofNanos(500));
    assertThat(lane.lagNs(clock, 0)).as("after the next probe").isEqualTo(500);
  }

  @Test
  void aStandstillOfTheProcessIsNoLagOfALane() {
    ManualClock clock = new ManualClock();
    long standstillNs = Duration.ofSeconds(3).toNanos();
    assertThat(lane.lagNs(clock, standstillNs)).isZero();
    clock.advance(Duration.ofSeconds(8));
    standstillNs += Duration.ofSeconds(7).toNanos();
    assertThat(lane.lagNs(clock, standstillNs)).isEqualTo(1_000_000_000);
    loop.runAll();
    assertThat(lane.lagNs(clock, standstillNs)).isEqualTo(1_000_000_000);
    clock.advance(Duration.ofSeconds(2));
    assertThat(lane.lagNs(clock, standstillNs)).as("a later probe").isEqualTo(2_000_000_000);
    assertThat(lane.lastLagNs()).isEqualTo(2_000_000_000);
  }

  @Test
  void pendingMessagesAreOneWriteAndOneFlush() {
    FakeSubscriber a = subscriber("1.1");
    FakeSubscriber b = subscriber("1.2");
    join("c", a);
    join("c", b);
    publish("c", "one", null);
    publish("c", "two", null);
    publish("c", "three", null);
    loop.runAll();
    assertThat(events(a)).containsExactly("one", "two", "three");
    assertThat(events(b)).containsExactly("one", "two", "three");
    assertThat(a.writes).isEqualTo(1);
    assertThat(a.flushes).isEqualTo(1);
  }

  @Test
  void oneSocketInTwoChannelsIsFlushedOnce() {
    FakeSubscriber a = subscriber("1.1");
    join("c", a);
    join("d", a);
    publish("c", "one", null);
    publish("d", "two", null);
    loop.runAll();
    assertThat(a.writes).isEqualTo(2);
    assertThat(a.flushes).isEqualTo(1);
  }

  /// More sockets than a turn serves.
  @Test
  void socketsInTheSameChannelsAreFlushedOnce() {
    int channels = 10;
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < 2 * Lane.MAX_TURN + 10; i++) {
      many.add(subscriber("1." + i));
      for (int channel = 0; channel < channels; channel++) {
        join("c" + channel, many.getLast());
      }
    }
    for (int channel = 0; channel < channels; channel++) {
      publish("c" + channel, "e" + channel, null);
    }
    loop.runOne();
    assertThat(served(many)).as("subscribers in the first turn").isEqualTo(Lane.MAX_TURN);
    loop.runAll();
    assertThat(many)
        .allSatisfy(s -> {
          assertThat(events(s)).hasSize(channels).doesNotHaveDuplicates();
          assertThat(s.writes).isEqualTo(channels);
          assertThat(s.flushes).isEqualTo(1);
        });
  }

  @Test
  void aTurnWithManyCommonChannelsEnds() {
    int channels = 40;
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < Lane.MAX_TURN; i++) {
      many.add(subscriber("1." + i));
      for (int channel = 0; channel < channels; channel++) {
        join("c" + channel, many.getLast());
      }
    }
    for (int channel = 0; channel < channels; channel++) {
      publish("c" + channel, "e" + channel, null);
    }
    loop.runOne();
    int deliveries = many.stream().mapToInt(s -> s.writes).sum();
    assertThat(deliveries).isEqualTo(Lane.MAX_TURN + Round.MAX_JOINED);
    loop.runAll();
    assertThat(many).allSatisfy(s -> assertThat(events(s)).hasSize(channels));
  }

  @Test
  void channelsWithOtherClientsAreNotJoined() {
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < Lane.MAX_TURN; i++) {
      many.add(subscriber("1." + i));
      join("c", many.getLast());
      join("d", many.getLast());
    }
    List<FakeSubscriber> others = new ArrayList<>();
    for (int i = 0; i < Lane.MAX_TURN; i++) {
      others.add(subscriber("2." + i));
      join("d", others.getLast());
    }
    publish("c", "one", null);
    publish("d", "two", null);
    loop.runOne();
    assertThat(served(many)).isEqualTo(2 * Lane.SLICE);
    assertThat(served(others)).isZero();
    loop.runAll();
    assertThat(many).allSatisfy(s -> assertThat(events(s)).containsExactlyInAnyOrder("one", "two"));
    assertThat(others).allSatisfy(s -> assertThat(events(s)).containsExactly("two"));
  }

  @Test
  void anExcludedSocketGetsTheOthersInOrder() {
    FakeSubscriber sender = subscriber("1.1");
    FakeSubscriber other = subscriber("1.2");
    join("c", sender);
    join("c", other);
    publish("c", "one", null);
    publish("c", "own", "1.1");
    publish("c", "three", null);
    loop.runAll();
    assertThat(events(sender)).containsExactly("one", "three");
    assertThat(events(other)).containsExactly("one", "own", "three");
    assertThat(other.writes).isEqualTo(1);
  }

  @Test
  void aChannelWithoutSubscribersWakesNoLane() {
    publish("empty", "one", null);
    assertThat(loop.runOne()).isFalse();
  }

  @Test
  void aLargeAudienceIsServedInSlicesBetweenOthers() {
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < Lane.SLICE * 9; i++) {
      many.add(subscriber("1." + i));
      join("big", many.getLast());
    }
    FakeSubscriber small = subscriber("2.1");
    join("small", small);
    publish("big", "one", null);
    loop.runOne();
    assertThat(served(many)).isEqualTo(Lane.SLICE);
    publish("small", "two", null);
    loop.runOne();
    loop.runOne();
    assertThat(events(small)).containsExactly("two");
    assertThat(served(many)).isLessThan(many.size());
    loop.runAll();
    assertThat(many).allSatisfy(s -> assertThat(events(s)).containsExactly("one"));
  }

  @Test
  void manySmallChannelsAreServedBeforeMoreIsReadUpToALimit() {
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < Lane.SLICE; j++) {
        many.add(subscriber(i + "." + j));
        join("c" + i, many.getLast());
      }
      publish("c" + i, "one", null);
    }
    loop.runOne();
    assertThat(served(many)).isEqualTo(many.size());
    for (int i = 0; i < 40; i++) {
      for (int j = 0; j < Lane.SLICE; j++) {
        join("d" + i, subscriber(i + "." + (1_000 + j)));
      }
      publish("d" + i, "one", null);
    }
    many.clear();
    for (int i = 0; i < Lane.SLICE; i++) {
      many.add(subscriber("9." + i));
      join("last", many.getLast());
    }
    publish("last", "one", null);
    loop.runOne();
    assertThat(served(many)).isZero();
  }

  @Test
  void aSubscriberBetweenTwoSlicesGetsOnlyLaterEvents() {
    for (int i = 0; i < Lane.SLICE + 10; i++) {
      join("c", subscriber("1." + i));
    }
    publish("c", "before", null);
    loop.runOne();
    FakeSubscriber late = subscriber("2.1");
    join("c", late);
    publish("c", "after", null);
    loop.runAll();
    assertThat(events(late)).containsExactly("after");
  }

  @Test
  void aMemberIsNotNotifiedOfItselfOrOfKnownMembers() {
    FakeSubscriber first = subscriber("1.1");
    FakeSubscriber second = subscriber("1.2");
    join("presence-c", first, new Member("u1", "{}"));
    join("presence-c", second, new Member("u2", "{}"));
    loop.runAll();
    assertThat(first.received).singleElement().asString().contains("member_added", "u2");
    assertThat(second.received).isEmpty();
  }

  @Test
  void aMemberThatLeftBeforeTheSnapshotIsNotAnnounced() {
    FakeSubscriber first = subscriber("1.1");
    Subscription left = join("presence-c", first, new Member("u1", "{}"));
    FakeSubscriber witness = subscriber("1.3");
    join("presence-c", witness, new Member("u3", "{}"));
    loop.runAll();
    channels.leave(left, LeaveCause.CLOSED);
    lane.onLeave(left);
    FakeSubscriber second = subscriber("1.2");
    join("presence-c", second, new Member("u2", "{}"));
    loop.runAll();
    assertThat(witness.received).hasSize(2);
    assertThat(witness.received.get(0)).contains("member_removed", "u1");
    assertThat(witness.received.get(1)).contains("member_added", "u2");
    assertThat(second.received).isEmpty();
  }

  @Test
  void publishesAreRefusedWhileALaneIsOverloadedAndNothingIsLost() {
    FakeSubscriber a = subscriber("1.1");
    join("c", a);
    int accepted = 0;
    while (publish("c", "e", null)) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(Lane.MAX_PENDING);
    loop.runAll();
    assertThat(a.received).hasSize(accepted);
    assertThat(publish("c", "e", null)).isTrue();
  }

  /// Clients that send as much as they may must not keep servers from publishing.
  @Test
  void clientEventsLeaveHalfOfTheRoomToServers() {
    FakeSubscriber a = subscriber("1.1");
    join("private-c", a);
    String large = "x".repeat(1_000_000);
    int accepted = 0;
    while (sendClientEvent("private-c", large)) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(25);
    assertThat(Reason.of(lane.checkRoom(Origin.CLIENT)))
        .isEqualTo(
            "events that wait for a lane take 50012800 bytes, the limit for client events is"
                + " 50000000, a part of the heap (-Xmx)");
    while (publish("private-c", "e", null, large)) {
      accepted++;
    }
    assertThat(accepted).isEqualTo(50);
    loop.runAll();
    assertThat(a.received).hasSize(accepted);
    assertThat(sendClientEvent("private-c", large)).isTrue();
  }

  @Test
  void pendingMessagesAreBoundedInBytesToo() {
    FakeSubscriber a = subscriber("1.1");
    FakeSubscriber b = subscriber("1.2");
    join("c", a);
    join("d", b);
    String large = "x".repeat(1_000_000);
    int accepted = 0;
    while (publish(accepted % 2 == 0 ? "c" : "d", "e", null, large)) {
      accepted++;
    }
    assertThat(accepted).as("as text and as UTF-8").isEqualTo(50);
    assertThat(Reason.of(lane.checkRoom(Origin.HTTP)))
        .isEqualTo(
            "events that wait for a lane take 100025600 bytes, the limit is 100000000, a part of"
                + " the heap (-Xmx)");
    while (!publish("c", "e", null, large)) {
      assertThat(loop.runOne()).as("room again once some are delivered").isTrue();
    }
    loop.runAll();
    assertThat(a.received.size() + b.received.size()).isEqualTo(accepted + 1);
    assertThat(lane.waiting()).isZero();
  }

  @Test
  void manyLargeEventsAreCoalescedOnlyUpToTheLimit() {
    FakeSubscriber a = subscriber("1.1");
    join("c", a);
    String large = "x".repeat(Audience.MAX_COALESCED_BYTES / 2);
    for (int i = 0; i < 6; i++) {
      publish("c", "e" + i, null, large);
    }
    loop.runAll();
    assertThat(events(a)).containsExactly("e0", "e1", "e2", "e3", "e4", "e5");
    assertThat(a.writes).isEqualTo(3);
  }
}
