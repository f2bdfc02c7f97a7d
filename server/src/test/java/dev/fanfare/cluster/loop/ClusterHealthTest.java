package dev.fanfare.cluster.loop;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.cluster.MeshStateBuilder;
import dev.fanfare.cluster.MeshStatePeerStateBuilder;
import dev.fanfare.cluster.MeshTotals;
import dev.fanfare.cluster.MeshTotalsBuilder;
import dev.fanfare.cluster.datagram.Rejection;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Readiness.Cause;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What `/ready` says about the cluster: the sentence for each state, and whether load balancers
/// should choose another node.
final class ClusterHealthTest {

  private final Readiness readiness = new Readiness();
  private final ClusterHealth health = new ClusterHealth(readiness, false);

  private static final MeshTotals NOTHING =
      MeshTotalsBuilder.builder()
          .eventsSent(0)
          .eventsReceived(0)
          .eventsLate(0)
          .eventsMissed(0)
          .lost(Map.of())
          .rejected(Map.of())
          .retransmissions(0)
          .divergences(0)
          .gone(0)
          .unknownItems(0)
          .build();

  private static EngineState engine(boolean isConnected, boolean wasReached, String problem) {
    return EngineStateBuilder.builder()
        .address("redis://engine:6379")
        .isConnected(isConnected)
        .wasReached(wasReached)
        .problem(problem)
        .sent(0)
        .sentBytes(0)
        .received(0)
        .receivedBytes(0)
        .dropped(0)
        .build();
  }

  private static final EngineState CONNECTED = engine(true, true, "");

  private static MeshState mesh(boolean isJoining, long deafSeconds, PeerState... peers) {
    return mesh(isJoining, deafSeconds, false, peers);
  }

  private static MeshState mesh(
      boolean isJoining, long deafSeconds, boolean isHeardByNone, PeerState... peers) {
    return MeshStateBuilder.builder()
        .peers(List.of(peers))
        .isJoining(isJoining)
        .isSettled(!isJoining)
        .deafNs(SECONDS.toNanos(deafSeconds))
        .isIsolated(false)
        .isHeardByNone(isHeardByNone)
        .unreadable(null)
        .roundTripNs(0)
        .logBytes(0)
        .logNs(0)
        .channels(0)
        .members(0)
        .totals(NOTHING)
        .build();
  }

  private static PeerState peer(String name, Standing standing, long silentSeconds, long waiting) {
    return peer(name, standing, silentSeconds, waiting, false);
  }

  private static PeerState peer(
      String name, Standing standing, long silentSeconds, long waiting, boolean isNewer) {
    return MeshStatePeerStateBuilder.builder()
        .life(1)
        .node(name)
        .standing(standing)
        .isDraining(false)
        .beats(1)
        .silentNs(SECONDS.toNanos(silentSeconds))
        .waitingEvents(waiting)
        .waitingBytes(0)
        .isConfigEqual(true)
        .isNewer(isNewer)
        .build();
  }

  private void show(MeshState mesh, EngineState engine) {
    health.show(new ClusterState(mesh, engine));
  }

  private void assertUnready(String reason) {
    assertThat(readiness.reasons()).containsExactly(reason);
    assertThat(readiness.check()).as("clients that come nonetheless are accepted").isNotNull();
    assertThat(readiness.notes()).isEmpty();
  }

  private void assertReady(String... notes) {
    assertThat(readiness.reasons()).isEmpty();
    assertThat(readiness.notes()).containsExactly(notes);
  }

  @Test
  void anEngineThatWasNeverReached() {
    show(mesh(true, 0), engine(false, false, ""));
    assertUnready(
        "The bus redis://engine:6379 has not been reached since the start: still connecting");
    show(mesh(true, 5), engine(false, false, "Connection refused"));
    assertUnready(
        "The bus redis://engine:6379 has not been reached since the start: Connection refused");
  }

  @Test
  void aNodeThatJoins() {
    show(mesh(true, 0), CONNECTED);
    assertUnready("Joining the cluster: listening for other nodes");
    PeerState up = peer("b", Standing.UP, 0, 0);
    show(mesh(true, 0, up, peer("", Standing.JOINING, 0, 0)), CONNECTED);
    assertUnready("Joining the cluster: 1 of 2 nodes has not answered yet");
    show(
        mesh(true, 0, up, peer("", Standing.JOINING, 0, 0), peer("", Standing.JOINING, 0, 0)),
        CONNECTED);
    assertUnready("Joining the cluster: 2 of 3 nodes have not answered yet");
    show(mesh(false, 0, up, peer("", Standing.JOINING, 0, 0)), CONNECTED);
    assertReady();
  }

  @Test
  void aDeafNodeStaysReady() {
    PeerState b = peer("b", Standing.UP, 12, 1_200);
    PeerState c = peer("c", Standing.UP, 12, 4);
    show(mesh(false, 12, b, c, peer("d", Standing.UP, 12, 0)), CONNECTED);
    assertReady(
        "degraded: the bus redis://engine:6379 has not answered for 12 s; local delivery continues,"
            + " 1,204 events are waiting for 2 nodes");
    show(
        mesh(false, 13, peer("b", Standing.UP, 13, 1)),
        engine(false, true, "Connection reset by peer"));
    assertReady(
        "degraded: the bus redis://engine:6379 has not answered for 13 s (Connection reset by"
            + " peer); local delivery continues, 1 event is waiting for 1 node");
    show(mesh(false, 0, peer("b", Standing.UP, 0, 0)), CONNECTED);
    assertReady();
  }

  @Test
  void aDeafNodeIsUnreadyIfTheOperatorWantsThat() {
    ClusterHealth strict = new ClusterHealth(readiness, true);
    strict.show(new ClusterState(mesh(false, 3), CONNECTED));
    assertUnready(
        "degraded: the bus redis://engine:6379 has not answered for 3 s; local delivery continues,"
            + " 0 events are waiting for 0 nodes");
    strict.show(new ClusterState(mesh(false, 0), CONNECTED));
    assertReady();
  }

  @Test
  void anAbsentNodeIsANoteUntilItIsGone() {
    show(mesh(false, 0, peer("b", Standing.ABSENT, 4, 0), peer("c", Standing.UP, 0, 0)), CONNECTED);
    assertReady("degraded: node b has been silent for 4 s");
    show(mesh(false, 0, peer("b", Standing.GONE, 9, 0)), CONNECTED);
    assertReady();
  }

  @Test
  void aNodeThatTheOthersDoNotHear() {
    show(mesh(false, 0, true, peer("b", Standing.UP, 0, 0)), CONNECTED);
    assertReady("degraded: the other nodes do not receive what this node sends; reconnecting");
  }

  @Test
  void anotherClusterOfTheSameNameStopsTheStartOnly() {
    MeshState mesh =
        mesh(false, 0, peer("x", Standing.FOREIGN, 0, 0), peer("b", Standing.UP, 0, 0));
    String sentence =
        "another cluster uses the same cluster.name: node x has none of the apps of this node";
    show(mesh, CONNECTED);
    assertUnready(sentence);
    show(mesh(false, 0, peer("b", Standing.UP, 0, 0)), CONNECTED);
    assertReady();
    show(mesh, CONNECTED);
    assertReady("degraded: " + sentence);
  }

  private static MeshState unreadable(Rejection reason) {
    return MeshStateBuilder.from(mesh(false, 0)).withUnreadable(reason);
  }

  @Test
  void nodesWithAnotherSecretAreANote() {
    show(unreadable(Rejection.SECRET), CONNECTED);
    assertReady(
        "degraded: datagrams of other nodes cannot be read: only one side has a cluster.secret");
    show(unreadable(Rejection.SEAL), CONNECTED);
    assertReady(
        "degraded: datagrams of other nodes cannot be read: they have another cluster.secret, or"
            + " are damaged");
    show(unreadable(Rejection.VERSION), CONNECTED);
    assertReady(
        "degraded: datagrams of other nodes cannot be read: they are of another version of the"
            + " cluster's protocol");
  }

  @Test
  void aNodeThatUsesANewerProtocol() {
    show(mesh(false, 0, peer("b", Standing.UP, 0, 0, true)), CONNECTED);
    assertUnready("node b uses a newer version of the cluster's protocol");
    assertThat(readiness.isAgainst(Cause.CLUSTER)).isTrue();
  }

  /// Else the first new node of an upgrade would stop all others.
  @Test
  void aNodeThatUsesANewerProtocolDoesNotStopThoseThatAreReady() {
    show(mesh(false, 0), CONNECTED);
    show(mesh(false, 0, peer("b", Standing.UP, 0, 0, true)), CONNECTED);
    assertReady("degraded: node b uses a newer version of the cluster's protocol");
  }
}
