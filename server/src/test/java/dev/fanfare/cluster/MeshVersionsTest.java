package dev.fanfare.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.datagram.ItemType;
import dev.fanfare.cluster.datagram.NewerVersion;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Two nodes of this version, and one of a newer version that joins them.
final class MeshVersionsTest {

  private static final int SECOND = 1_000;
  private static final int MANY = 500;

  private final Lab lab = new Lab();
  private final NewerVersion version = new NewerVersion();
  private final Lab.Station a = lab.station(10);
  private final Lab.Station b = lab.station(20);
  private Lab.Station newer;

  @BeforeEach
  void join() {
    a.subscribe("at-a");
    b.subscribe("at-b");
    lab.run(3 * SECOND);
    newer = lab.station(30);
    newer.subscribe("at-newer");
  }

  private void theOldNodesGoOn() {
    int before = a.events().size();
    b.event("at-a", "from b");
    a.event("at-b", "from a");
    lab.run(SECOND);
    assertThat(a.events()).hasSize(before + 1).endsWith("from b");
    assertThat(b.events()).endsWith("from a");
    assertThat(a.of(b).standing()).isEqualTo(Standing.UP);
    assertThat(a.of(b).isNewer()).isFalse();
    assertThat(a.logged(MeshListener.Lost.class)).isEmpty();
  }

  /// What `a` and `b` know of the newer node.
  private List<BusMessage> applied(Lab.Station station) {
    return station.received.stream()
        .filter(message ->
            message instanceof BusMessage.Interest interest
                ? interest.channel().equals("at-newer")
                : message instanceof BusMessage.Online || message instanceof BusMessage.Offline)
        .toList();
  }

  @Test
  void aVersionThatReadsThisOneIsJoined() {
    newer.rewriting = version::compatible;
    lab.run(3 * SECOND);
    a.event("at-newer", "e");
    newer.event("at-a", "back");
    lab.run(SECOND);
    assertThat(newer.events()).containsExactly("e");
    assertThat(a.events()).containsExactly("back");
    assertThat(a.of(newer).standing()).isEqualTo(Standing.UP);
    assertThat(a.of(newer).isNewer()).isFalse();
    assertThat(a.logged(MeshListener.Newer.class)).isEmpty();
    theOldNodesGoOn();
  }

  @Test
  void aVersionThatDoesNotIsReportedOnceAndNotApplied() {
    newer.rewriting = version::incompatible;
    lab.run(5 * SECOND);
    for (Lab.Station station : List.of(a, b)) {
      assertThat(station.of(newer).isNewer()).isTrue();
      assertThat(station.logged(MeshListener.Newer.class)).hasSize(1);
      assertThat(applied(station)).isEmpty();
    }
    assertThat(newer.of(a).isNewer()).isFalse();
    theOldNodesGoOn();
    lab.kill(newer);
    lab.run(10 * SECOND);
    assertThat(a.of(newer).standing()).isEqualTo(Standing.GONE);
    theOldNodesGoOn();
  }

  @Test
  void anUnknownItemIsSkippedIfItIsNotRequired() {
    newer.rewriting =
        datagram -> version.withUnknownItem(datagram, ItemType.ONLINE, "strange-user", false);
    lab.run(3 * SECOND);
    newer.publish(new BusMessage.Online("1", "strange-user"));
    newer.publish(new BusMessage.Online("1", "known-user"));
    lab.run(3 * SECOND);
    assertThat(applied(a)).endsWith(new BusMessage.Online("1", "known-user"));
    assertThat(applied(a)).doesNotContain(new BusMessage.Online("1", "strange-user"));
    assertThat(a.of(newer).isNewer()).isFalse();
    assertThat(a.mesh.state(lab.nowNs()).totals().unknownItems()).isEqualTo(1);
    theOldNodesGoOn();
  }

  /// Everything before it holds, nothing after it is applied, and all of it ends with that node.
  @Test
  void anUnknownItemThatIsRequiredStopsItsLinkOnly() {
    newer.rewriting =
        datagram -> version.withUnknownItem(datagram, ItemType.ONLINE, "strange-user", true);
    lab.run(3 * SECOND);
    newer.publish(new BusMessage.Online("1", "first-user"));
    lab.run(SECOND);
    newer.publish(new BusMessage.Online("1", "strange-user"));
    newer.publish(new BusMessage.Online("1", "later-user"));
    newer.unsubscribe("at-newer");
    lab.run(10 * SECOND);
    for (Lab.Station station : List.of(a, b)) {
      assertThat(station.of(newer).isNewer()).isTrue();
      assertThat(station.logged(MeshListener.Newer.class)).hasSize(1);
      assertThat(applied(station)).hasSize(2).endsWith(new BusMessage.Online("1", "first-user"));
    }
    theOldNodesGoOn();
    lab.kill(newer);
    lab.run(10 * SECOND);
    assertThat(applied(a))
        .hasSize(4)
        .contains(new BusMessage.Offline("1", "first-user"))
        .anySatisfy(message ->
            assertThat(message)
                .isInstanceOfSatisfying(
                    BusMessage.Interest.class, interest -> assertThat(interest.count()).isZero()));
    theOldNodesGoOn();
  }

  /// After all nodes that there are have joined.
  private void subscribeToMuch(Lab.Station station) {
    lab.run(SECOND);
    for (int i = 0; i < MANY; i++) {
      station.subscribe("channel-with-a-name-" + i);
    }
  }

  private long compressed(Lab.Station station) {
    return station.sent.stream().filter(NewerVersion::isCompressed).count();
  }

  @Test
  void theStateForANewNodeIsCompressed() {
    subscribeToMuch(a);
    lab.run(SECOND);
    assertThat(compressed(a)).as("changes are not").isZero();
    Lab.Station late = lab.station(40);
    lab.run(3 * SECOND);
    assertThat(compressed(a)).isPositive();
    assertThat(late.of(a).standing()).isEqualTo(Standing.UP);
    assertThat(late.state().channels()).isEqualTo(MANY + 3);
    assertThat(late.received).hasSize(MANY + 3);
  }

  @Test
  void aVersionThatCannotReadCompressedDataGetsNone() {
    subscribeToMuch(a);
    Lab.Station old = lab.station(40);
    old.rewriting = version::beforeCompression;
    lab.run(3 * SECOND);
    assertThat(old.of(a).standing()).isEqualTo(Standing.UP);
    assertThat(old.state().channels()).isEqualTo(MANY + 3);
    assertThat(compressed(a)).isZero();
    theOldNodesGoOn();
  }
}
