package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.DataPacket;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.ItemType;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.cluster.datagram.Seal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What a node holds for others is bounded, what is dropped is counted, and defects are noticed.
final class MeshBoundsTest {

  private static final int SECOND = 1_000;
  private static final int BYTES = 100_000;
  private static final String KILOBYTE = "x".repeat(1_000);

  private final Lab lab = new Lab();

  @Test
  void theOldestEventsMakeRoomAndBothSidesCountThem() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(BYTES));
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    lab.loss = (_, _) -> true;
    for (int i = 0; i < 1_000; i++) {
      a.event("c", i + KILOBYTE);
      lab.run(1);
      assertThat(a.of(b).waitingBytes()).isLessThanOrEqualTo(BYTES);
      assertThat(a.state().logBytes()).isLessThanOrEqualTo(BYTES);
    }
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    long lost = a.state().totals().lost().getOrDefault(MeshListener.Loss.BYTES, 0L);
    assertThat(lost).isPositive();
    assertThat(b.events()).hasSize((int) (1_000 - lost));
    assertThat(b.events().getLast()).isEqualTo(999 + KILOBYTE);
    assertThat(
            b.logged(MeshListener.Missed.class).stream()
                .mapToLong(MeshListener.Missed::events)
                .sum())
        .isEqualTo(lost);
  }

  /// Forced by the simulation: nothing waits for a node without subscribers, and the recent events
  /// that its first subscriber has missed may have made room for newer ones.
  @Test
  void eventsThatASubscriberOfAnOutageHasMissedAreCountedOnBothSides() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(BYTES));
    Lab.Station b = lab.station(20);
    lab.run(SECOND);
    lab.loss = (_, _) -> true;
    for (int i = 0; i < 100; i++) {
      a.event("c", "early" + KILOBYTE);
      lab.run(100);
    }
    lab.run(2 * SECOND);
    b.subscribe("c");
    b.subscribe("other");
    for (int i = 0; i < 200; i++) {
      a.event("c", i + KILOBYTE);
      lab.run(10);
    }
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    assertThat(b.events()).hasSizeBetween(10, 190).last().isEqualTo(199 + KILOBYTE);
    long missing = 200L - b.events().size();
    assertThat(a.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.BYTES, missing));
    assertThat(b.logged(MeshListener.Missed.class))
        .extracting(MeshListener.Missed::events)
        .containsExactly(missing);
    a.event("c", "next");
    lab.run(SECOND);
    assertThat(b.events()).last().isEqualTo("next");
  }

  /// They wait for the node, or have arrived there.
  @Test
  void eventsThatANodeHasGotAreNotMissedByItsNextSubscriber() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(BYTES));
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    for (int i = 0; i < 200; i++) {
      a.event("c", i + KILOBYTE);
      lab.run(20);
    }
    b.unsubscribe("c");
    b.subscribe("c");
    lab.run(SECOND);
    assertThat(b.events()).hasSize(200);
    assertThat(a.state().totals().lost()).isEmpty();
    assertThat(b.logged(MeshListener.Missed.class)).isEmpty();
  }

  @Test
  void factsThatBecameTooManyAreReplacedByASnapshot() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(BYTES));
    Lab.Station b = lab.station(20);
    lab.run(SECOND);
    lab.loss = (_, _) -> true;
    for (int i = 0; i < 5_000; i++) {
      a.publish(new BusMessage.Online("1", "user" + i));
      a.publish(new BusMessage.Offline("1", "user" + i));
      assertThat(a.of(b).waitingBytes()).isLessThanOrEqualTo(BYTES);
    }
    a.publish(new BusMessage.Online("1", "last"));
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    assertThat(b.received).last().isEqualTo(new BusMessage.Online("1", "last"));
    assertThat(b.state().totals().divergences()).isZero();
  }

  /// Forced by the simulation: what was applied and not acknowledged is carried into a link that
  /// opens again without a word of the receiver.
  @Test
  void aLinkThatOpensAgainRepeatsNoEventAndNoCommand() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    BusMessage terminate = new BusMessage.TerminateUser("1", "u");
    lab.loss = (from, to) -> from == b && to == a;
    for (String event : List.of("1", "2", "3")) {
      a.event("c", event);
      a.publish(terminate);
      lab.run(20);
      a.mesh.resync(List.of(new BusMessage.Online("1", event)), lab.nowNs());
      lab.run(20);
    }
    lab.loss = (_, _) -> false;
    lab.run(2 * SECOND);
    assertThat(b.events()).containsExactly("1", "2", "3");
    assertThat(b.received).filteredOn(terminate::equals).hasSize(3);
    assertThat(b.received)
        .endsWith(new BusMessage.Offline("1", "2"))
        .contains(new BusMessage.Online("1", "3"));
    assertThat(a.of(b).waitingEvents()).isZero();
  }

  @Test
  void eventsForANodeThatIsAwayTooLongAreLostAndCounted() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    lab.kill(b);
    a.event("c", "1");
    a.event("c", "2");
    lab.run(130 * SECOND);
    assertThat(a.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.OUTAGE, 2L));
    assertThat(a.state().peers()).isEmpty();
    assertThat(a.state().logBytes()).isZero();
  }

  /// The rest of the window is what the engine may hold for a receiver that is stuck.
  @Test
  void noMoreThanTheWindowIsUnderWay() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    b.isStopped = true;
    a.sent.clear();
    for (int i = 0; i < 10_000; i++) {
      a.event("c", KILOBYTE);
    }
    lab.run(250);
    assertThat(a.sent.stream().mapToLong(bytes -> bytes.length).sum())
        .isBetween(3L << 20, 4L << 20);
    b.isStopped = false;
    lab.run(10 * SECOND);
    assertThat(b.events()).hasSize(10_000);
  }

  @Test
  void anEventThatTheEngineDoesNotAcceptIsCounted() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withMaxDatagramBytes(10_000));
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    a.event("c", "x".repeat(10_000));
    a.event("c", "short");
    lab.run(SECOND);
    assertThat(b.events()).containsExactly("short");
    assertThat(a.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.BYTES, 1L));
    assertThat(b.logged(MeshListener.Missed.class)).hasSize(1);
  }

  @Test
  void eventsWaitForTheLanesForASecondAndFactsAreNeverDropped() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(SECOND);
    b.hasRoom = false;
    a.event("c", "waits");
    lab.run(500);
    b.hasRoom = true;
    lab.run(100);
    assertThat(b.events()).containsExactly("waits");
    b.hasRoom = false;
    a.event("c", "dropped");
    a.publish(new BusMessage.Online("1", "u"));
    lab.run(500);
    assertThat(b.received).doesNotContain(new BusMessage.Online("1", "u"));
    lab.run(SECOND);
    assertThat(b.received).contains(new BusMessage.Online("1", "u"));
    assertThat(b.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.LANES, 1L));
  }

  @Test
  void aKeptEventWaitsForTheLanesTooAndIsKeptInAnyCase() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    b.subscribe("cache-c");
    lab.run(SECOND);
    b.hasRoom = false;
    BusMessage.Kept kept = kept("event", 5);
    a.publish(kept);
    lab.run(500);
    assertThat(b.received).isEmpty();
    lab.run(SECOND);
    assertThat(b.received)
        .singleElement()
        .isInstanceOfSatisfying(
            BusMessage.Kept.class,
            received -> {
              assertThat(received.version()).isEqualTo(5);
              assertThat(received.isSnapshot()).as("not delivered").isTrue();
            });
    assertThat(b.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.LANES, 1L));
  }

  /// They are events like others. The last one arrives all the same, in a snapshot, which may be
  /// beyond the bound.
  @Test
  void theOldestKeptEventsMakeRoomToo() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(BYTES));
    Lab.Station b = lab.station(20);
    b.subscribe("cache-c");
    lab.run(SECOND);
    lab.loss = (_, _) -> true;
    for (int i = 0; i < 1_000; i++) {
      a.publish(kept(i + KILOBYTE, i + 1));
      lab.run(1);
      assertThat(a.of(b).waitingBytes()).isLessThanOrEqualTo(BYTES + 2 * KILOBYTE.length());
    }
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    List<BusMessage.Kept> arrived =
        b.received.stream()
            .filter(BusMessage.Kept.class::isInstance)
            .map(BusMessage.Kept.class::cast)
            .toList();
    assertThat(arrived).anySatisfy(kept -> assertThat(kept.version()).isEqualTo(1_000));
    long delivered = arrived.stream().filter(kept -> !kept.isSnapshot()).count();
    long missing = 1_000 - delivered;
    assertThat(missing).isBetween(1L, 999L);
    assertThat(a.state().totals().lost()).isEqualTo(Map.of(MeshListener.Loss.BYTES, missing));
    assertThat(b.state().totals().eventsMissed()).isEqualTo(missing);
  }

  @Test
  void aKeptEventReachesNodesThatJoinLaterAndTheHighestVersionWins() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    lab.run(SECOND);
    a.publish(kept("old", 1));
    lab.run(100);
    b.publish(kept("new", 2));
    lab.run(SECOND);
    assertThat(a.events()).isEmpty();
    for (Lab.Station station : List.of(a, b)) {
      assertThat(station.received)
          .singleElement()
          .isInstanceOfSatisfying(
              BusMessage.Kept.class,
              kept -> assertThat(kept.version()).isEqualTo(station == a ? 2 : 1));
    }
    Lab.Station late = lab.station(30);
    lab.run(2 * SECOND);
    assertThat(late.received)
        .filteredOn(message -> ((BusMessage.Kept) message).version() == 2)
        .hasSize(1);
    assertThat(late.received).allMatch(message -> ((BusMessage.Kept) message).isSnapshot());
  }

  /// Its publisher is gone; the lowest life that is left has it.
  @Test
  void aKeptEventOutlivesItsPublisher() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    lab.run(SECOND);
    b.publish(kept("event", 5));
    lab.run(SECOND);
    lab.kill(b);
    lab.run(10 * SECOND);
    Lab.Station late = lab.station(30);
    lab.run(SECOND);
    assertThat(late.received)
        .singleElement()
        .isInstanceOfSatisfying(
            BusMessage.Kept.class, kept -> assertThat(kept.version()).isEqualTo(5));
    assertThat(a.state().totals().gone()).isEqualTo(1);
  }

  private static BusMessage.Kept kept(String data, long version) {
    return new BusMessage.Kept("1", Lab.publication("cache-c", data), version, 3_600_000);
  }

  /// A defect at the sender, played by a foreign link: its digest does not fit its entries.
  @Test
  void aWrongDigestIsCountedAndTheLinkOpensAgain() {
    Lab.Station a = lab.station(10);
    lab.run(100);
    DatagramCodec stranger = new DatagramCodec("lab", 99, Seal.checksum());
    DataPacket packet = stranger.packet();
    for (Item item :
        List.of(
            Item.begin(0),
            Item.of(new BusMessage.Online("1", "u"), 0),
            Item.mark(ItemType.END),
            Item.digest(2, 1))) {
      assertThat(packet.add(item, 0)).isTrue();
    }
    a.sent.clear();
    a.mesh.received(
        packet.finish(1, 0, new Datagram.Ack(0, 0, true, false), List.of(), false), lab.nowNs());
    assertThat(a.state().totals().divergences()).isEqualTo(1);
    assertThat(a.logged(MeshListener.Diverged.class)).hasSize(1);
    assertThat(a.sent)
        .anySatisfy(bytes ->
            assertThat(stranger.read(bytes))
                .isEqualTo(new DatagramCodec.Valid(10, new Datagram.Ack(1, 4, true, false))));
  }

  @Test
  void foreignDatagramsAreCountedByReason() {
    Lab.Station a = lab.station(10);
    a.mesh.received(new byte[] {1, 2, 3}, lab.nowNs());
    a.mesh.received(
        new DatagramCodec("other", 5, Seal.checksum()).write(new Datagram.Ack(1, 1, false, false)),
        lab.nowNs());
    for (long life = 1_000; life < 2_000; life++) {
      a.mesh.received(
          new DatagramCodec("lab", life, Seal.checksum())
              .write(new Datagram.Ack(1, 1, false, false)),
          lab.nowNs());
    }
    assertThat(a.state().totals().rejected())
        .isEqualTo(
            Map.of(
                Rejection.MAGIC, 1L,
                Rejection.CLUSTER, 1L,
                Rejection.NODES, 1_000L - Members.MAX_PEERS));
    assertThat(a.state().peers()).hasSize(Members.MAX_PEERS);
  }
}
