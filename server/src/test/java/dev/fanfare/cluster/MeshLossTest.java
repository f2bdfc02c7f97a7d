package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.Member;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nodes that die, sleep, leave or hear nothing.
final class MeshLossTest {

  private static final int SECOND = 1_000;

  private final Lab lab = new Lab();
  private final Lab.Station a = lab.station(10);
  private final Lab.Station b = lab.station(20);

  @Test
  void aDeadNodeIsGoneAfterTheLeaseAndItsEntriesEnd() {
    a.subscribe("c");
    a.publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    a.publish(new BusMessage.Connections("1", 1));
    lab.run(SECOND);
    b.received.clear();
    lab.kill(a);
    lab.run(5 * SECOND);
    assertThat(b.received).isEmpty();
    assertThat(b.of(a).standing()).isEqualTo(MeshState.Standing.ABSENT);
    lab.run(2 * SECOND);
    assertThat(b.received)
        .hasSize(3)
        .contains(
            new BusMessage.Left("1", "presence-c", "u", false), new BusMessage.Connections("1", 0));
    assertThat(b.logged(MeshListener.Gone.class))
        .singleElement()
        .satisfies(gone -> {
          assertThat(gone.members()).isEqualTo(1);
          assertThat(gone.subscriptions()).isEqualTo(1);
        });
    assertThat(b.of(a).standing()).isEqualTo(MeshState.Standing.GONE);
    lab.run(121 * SECOND);
    assertThat(b.state().peers()).isEmpty();
  }

  /// An outage of the engine, and a stopped process, look like the death of all others.
  @Test
  void noNodeIsGoneWhileThisOneHearsNothing() {
    lab.run(2 * SECOND);
    lab.loss = (_, _) -> true;
    lab.run(60 * SECOND);
    assertThat(a.state().deafNs()).isBetween(59_000_000_000L, 61_000_000_000L);
    lab.loss = (_, _) -> false;
    lab.run(2 * SECOND);
    b.isStopped = true;
    lab.run(5 * SECOND);
    b.isStopped = false;
    lab.run(2 * SECOND);
    for (Lab.Station station : List.of(a, b)) {
      assertThat(station.logged(MeshListener.Gone.class)).isEmpty();
      assertThat(station.state().isComplete()).isTrue();
    }
    assertThat(a.logged(MeshListener.Deaf.class)).hasSize(1);
    assertThat(a.logged(MeshListener.Hearing.class)).hasSize(1);
  }

  /// It is gone for the others, which are not gone for it, and comes back with what it still has.
  @Test
  void aNodeThatSleptForAMinuteIsMergedAgain() {
    a.publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    a.subscribe("c");
    lab.run(2 * SECOND);
    b.event("c", "before");
    lab.run(100);
    a.isStopped = true;
    b.event("c", "during");
    lab.run(60 * SECOND);
    assertThat(b.logged(MeshListener.Gone.class)).hasSize(1);
    b.received.clear();
    a.isStopped = false;
    lab.run(5 * SECOND);
    assertThat(a.logged(MeshListener.Gone.class)).isEmpty();
    assertThat(b.received)
        .contains(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    assertThat(a.events()).containsExactly("before", "during");
    assertThat(b.logged(MeshListener.Back.class)).hasSize(1);
  }

  @Test
  void afterTwoMinutesWithoutTheEngineTheOthersEntriesEnd() {
    a.subscribe("c");
    lab.run(2 * SECOND);
    lab.loss = (_, _) -> true;
    lab.run(119 * SECOND);
    assertThat(b.received).hasSize(1);
    lab.run(3 * SECOND);
    assertThat(b.received).hasSize(2);
    assertThat(b.state().isIsolated()).isTrue();
    lab.loss = (from, to) -> from == b;
    lab.run(3 * SECOND);
    assertThat(b.received).as("it does not hear itself").hasSize(2);
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    assertThat(b.received).hasSize(3);
    assertThat(b.state().isIsolated()).isFalse();
    assertThat(b.state().isComplete()).isTrue();
  }

  @Test
  void aFarewellEndsTheEntriesAtOnceAndIsAcknowledged() {
    a.publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    lab.run(SECOND);
    a.mesh.drain();
    lab.run(300);
    assertThat(b.of(a).isDraining()).isTrue();
    b.received.clear();
    a.mesh.bye(lab.nowNs());
    assertThat(a.mesh.isByeAcknowledged()).isFalse();
    lab.run(100);
    assertThat(b.received).containsExactly(new BusMessage.Left("1", "presence-c", "u", false));
    assertThat(a.mesh.isByeAcknowledged()).isTrue();
    assertThat(b.state().peers()).isEmpty();
    lab.run(SECOND);
    assertThat(b.state().peers()).as("after its last beats").isEmpty();
    assertThat(b.logged(MeshListener.Left.class)).hasSize(1);
  }

  @Test
  void aFarewellIsRepeatedUntilItIsAcknowledged() {
    lab.run(SECOND);
    lab.loss = (from, to) -> from == b && to == a;
    a.mesh.bye(lab.nowNs());
    lab.run(100);
    assertThat(b.state().peers()).isEmpty();
    assertThat(a.mesh.isByeAcknowledged()).isFalse();
    lab.loss = (_, _) -> false;
    lab.run(SECOND);
    assertThat(a.mesh.isByeAcknowledged()).isTrue();
  }

  @Test
  void aNodeThatIsHeardByNoneKnowsIt() {
    Lab.Station c = lab.station(30);
    lab.run(2 * SECOND);
    lab.loss = (from, to) -> from == a && to != a;
    lab.run(8 * SECOND);
    assertThat(a.mesh.isHeardByNone(lab.nowNs())).as("within the lease").isFalse();
    lab.run(3 * SECOND);
    assertThat(a.mesh.isHeardByNone(lab.nowNs())).isTrue();
    assertThat(a.mesh.deafNs(lab.nowNs())).isZero();
    assertThat(c.mesh.isHeardByNone(lab.nowNs())).isFalse();
    lab.loss = (_, _) -> false;
    lab.run(SECOND);
    assertThat(a.mesh.isHeardByNone(lab.nowNs())).isFalse();
  }
}
