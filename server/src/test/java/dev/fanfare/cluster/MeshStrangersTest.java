package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.datagram.AppHashes;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.cluster.datagram.Seal;
import dev.fanfare.protocol.Member;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nodes that do not belong together although their cluster has the same name, and what is reported
/// of those that do.
final class MeshStrangersTest {

  private static final int SECOND = 1_000;
  private static final byte[] SECRET = new byte[32];

  private final Lab lab = new Lab();

  private Lab.Station with(long life, String... apps) {
    return lab.station(life, Lab.OPTIONS.withApps(AppHashes.of(List.of(apps))));
  }

  @Test
  void nodesWithoutACommonAppExchangeNothing() {
    Lab.Station a = with(10, "1", "2");
    Lab.Station b = with(20, "2", "1", "3");
    Lab.Station other = with(30, "9");
    other.subscribe("c");
    lab.run(3 * SECOND);
    a.event("c", "for nodes with the app");
    lab.run(3 * SECOND);
    assertThat(a.of(b).standing()).isEqualTo(Standing.UP);
    for (Lab.Station station : List.of(a, b)) {
      assertThat(station.of(other).standing()).isEqualTo(Standing.FOREIGN);
      assertThat(station.received).isEmpty();
      assertThat(station.logged(MeshListener.Foreign.class)).hasSize(1);
      assertThat(station.logged(MeshListener.Lost.class)).isEmpty();
      assertThat(station.state().isComplete()).isTrue();
      assertThat(station.state().isHeardByNone()).isFalse();
    }
    assertThat(a.of(other).waitingBytes()).isZero();
    assertThat(other.events()).isEmpty();
    assertThat(other.logged(MeshListener.Foreign.class)).hasSize(2);
    lab.kill(other);
    lab.run(10 * SECOND);
    assertThat(a.state().peers()).hasSize(1);
    assertThat(a.logged(MeshListener.Gone.class)).isEmpty();
  }

  @Test
  void nodesAreJoinedWhenAReloadGivesThemACommonApp() {
    Lab.Station a = with(10, "1");
    Lab.Station b = with(20, "2");
    b.subscribe("c");
    lab.run(3 * SECOND);
    assertThat(a.of(b).standing()).isEqualTo(Standing.FOREIGN);
    b.mesh.appsChanged(0, AppHashes.of(List.of("1", "2")), List.of("1"));
    lab.run(3 * SECOND);
    a.event("c", "e");
    lab.run(SECOND);
    assertThat(a.of(b).standing()).isEqualTo(Standing.UP);
    assertThat(b.of(a).standing()).isEqualTo(Standing.UP);
    assertThat(b.events()).containsExactly("e");
    a.mesh.appsChanged(0, AppHashes.of(List.of("3")), List.of("3"));
    lab.run(SECOND);
    assertThat(a.of(b).standing()).isEqualTo(Standing.FOREIGN);
    assertThat(b.of(a).standing()).isEqualTo(Standing.FOREIGN);
  }

  @Test
  void nodesWithManyAppsOrNoneAreNotCompared() {
    List<String> many = new ArrayList<>();
    for (int i = 0; i < 65; i++) {
      many.add("app" + i);
    }
    Lab.Station a = with(10, many.toArray(String[]::new));
    Lab.Station b = with(20, "1");
    Lab.Station c = with(30);
    lab.run(3 * SECOND);
    assertThat(a.state().count(Standing.UP)).isEqualTo(2);
    assertThat(b.state().count(Standing.UP)).isEqualTo(2);
    assertThat(c.state().count(Standing.UP)).isEqualTo(2);
  }

  @Test
  void aNodeWithASecretAndOneWithoutReportIt() {
    Lab.Station plain = lab.station(10);
    Lab.Station sealed = lab.station(20, Lab.OPTIONS.withSeal(Seal.secret(SECRET, "lab")));
    lab.run(5 * SECOND);
    for (Lab.Station station : List.of(plain, sealed)) {
      assertThat(station.state().unreadable()).isEqualTo(Rejection.SECRET);
      assertThat(station.logged(MeshListener.Unreadable.class)).hasSize(1);
    }
    lab.kill(sealed);
    lab.run(11 * SECOND);
    assertThat(plain.state().unreadable()).isNull();
  }

  @Test
  void channelsAndMembersOfOtherNodesAreCounted() {
    Lab.Station a = lab.station(10);
    Lab.Station b = lab.station(20);
    for (Lab.Station station : List.of(b, lab.station(30))) {
      station.subscribe("presence-c");
      station.subscribe("c" + station.life);
      station.publish(new BusMessage.Interest("1", "presence-c", 5, lab.nowNs()));
      station.publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
      station.publish(new BusMessage.Joined("1", "presence-c", new Member("v", "{}")));
    }
    a.subscribe("here");
    lab.run(3 * SECOND);
    assertThat(a.state().channels()).isEqualTo(4);
    assertThat(a.state().members()).isEqualTo(4);
    lab.kill(b);
    lab.run(10 * SECOND);
    assertThat(a.state().channels()).isEqualTo(2);
    assertThat(a.state().members()).isEqualTo(2);
  }

  @Test
  void aNodeReportsOnceThatItHasJoined() {
    lab.station(10);
    lab.station(20);
    lab.run(3 * SECOND);
    Lab.Station c = lab.station(30);
    lab.run(20 * SECOND);
    assertThat(c.logged(MeshListener.Complete.class))
        .singleElement()
        .satisfies(complete -> assertThat(complete.others()).isEqualTo(2));
  }

  @Test
  void afterAnOutageLateAndLostEventsAreReported() {
    Lab.Station a = lab.station(10, Lab.OPTIONS.withOutageBytes(10_000));
    Lab.Station b = lab.station(20);
    b.subscribe("c");
    lab.run(2 * SECOND);
    lab.loss = (_, _) -> true;
    lab.run(5 * SECOND); // deaf by now
    for (int i = 0; i < 100; i++) {
      a.event("c", "x".repeat(1_000));
    }
    lab.run(5 * SECOND);
    lab.loss = (_, _) -> false;
    lab.run(5 * SECOND);
    MeshListener.Hearing hearing = a.logged(MeshListener.Hearing.class).getFirst();
    assertThat(hearing.waitingEvents()).isPositive().isEqualTo(b.events().size());
    assertThat(hearing.waitingEvents() + hearing.lostEvents()).isEqualTo(100);
  }

  /// So this node coordinates all that ends, and what ends is reported once.
  @Test
  void anIsolatedNodeHasNoOthersWhenTheFirstEntryEnds() {
    Lab.Station a = lab.station(10);
    for (long life : List.of(20L, 30L)) {
      lab.station(life).publish(new BusMessage.Joined("1", "presence-c", new Member("u", "{}")));
    }
    lab.run(2 * SECOND);
    List<Integer> up = new ArrayList<>();
    a.onReceived =
        message -> {
          if (message instanceof BusMessage.Left) {
            up.add(a.state().count(Standing.UP));
          }
        };
    lab.loss = (_, _) -> true;
    lab.run(125 * SECOND);
    assertThat(up).containsExactly(0, 0);
  }
}
