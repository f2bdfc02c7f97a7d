package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.AppOptions;
import dev.fanfare.cluster.MeshState.PeerState;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The nodes of a cluster are reloaded one after the other.
final class NodesReloadTest {

  private static final App ONE = TestNode.APP;
  private static final App TWO = Apps.another("2", AppOptions.DEFAULTS);
  private static final String ROOM = "presence-room";
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private TestCluster nodes;

  @BeforeEach
  void start() {
    nodes = TestCluster.start(2, ONE);
  }

  @AfterEach
  void stop() {
    nodes.close();
  }

  private void reload(int node, App... apps) {
    nodes.node(node).server().reload(List.of(apps));
  }

  private static boolean isConfigEqual(ClusterState state) {
    return state.mesh().peers().stream().allMatch(PeerState::isConfigEqual);
  }

  private RawSocket join(int node, String user) throws IOException {
    RawSocket socket = RawSocket.established(nodes.node(node).port(), TWO.key());
    socket.patience(PATIENCE);
    socket.subscribePresence(
        TWO, ROOM, "{\"user_id\":\"" + user + "\",\"user_info\":{\"name\":\"Ms " + user + "\"}}");
    return socket;
  }

  private static String users(Api api) throws IOException {
    return api.get("/channels/" + ROOM + "/users", "").body();
  }

  @Test
  void theConfigurationIsComparedAsItIsNow() {
    for (int i = 0; i < 2; i++) {
      nodes.await(i, NodesReloadTest::isConfigEqual);
    }
    reload(0, ONE, TWO);
    for (int i = 0; i < 2; i++) {
      nodes.await(i, state -> !isConfigEqual(state));
    }
    reload(1, TWO, ONE);
    for (int i = 0; i < 2; i++) {
      nodes.await(i, NodesReloadTest::isConfigEqual);
    }
  }

  @Test
  void anAppIsCompleteOnTheNodeThatIsReloadedLast() throws IOException {
    reload(0, ONE, TWO);
    try (RawSocket anna = join(0, "anna");
        Api there = new Api(nodes.node(1).port(), TWO)) {
      anna.nextTextContaining("subscription_succeeded");
      nodes.await(1, state -> !isConfigEqual(state)); // later than what anna did
      reload(1, ONE, TWO);
      await().atMost(PATIENCE).until(() -> users(there).contains("anna"));
      there.publish(ROOM, "e", "from the other node");
      assertThat(anna.nextTextContaining("\"event\":\"e\"")).contains("from the other node");
      try (RawSocket ben = join(1, "ben")) {
        assertThat(ben.nextTextContaining("subscription_succeeded")).contains("Ms anna", "Ms ben");
        assertThat(anna.nextTextContaining("member_added")).contains("Ms ben");
      }
      assertThat(anna.nextTextContaining("member_removed")).contains("ben");
    }
    await().atMost(PATIENCE).until(() -> isVacated(1));
  }

  @Test
  void anAppThatReturnsHasNoStaleMembers() throws IOException {
    for (int i = 0; i < 2; i++) {
      reload(i, ONE, TWO);
    }
    try (RawSocket anna = join(0, "anna");
        RawSocket ben = join(0, "ben")) {
      anna.nextTextContaining("subscription_succeeded");
      ben.nextTextContaining("subscription_succeeded");
      try (Api there = new Api(nodes.node(1).port(), TWO)) {
        await().atMost(PATIENCE).until(() -> users(there).contains("ben"));
        reload(1, ONE);
        ben.unsubscribe(ROOM);
        try (RawSocket carl = join(0, "carl")) {
          carl.nextTextContaining("subscription_succeeded");
          reload(1, ONE, TWO);
          await().atMost(PATIENCE).until(() -> users(there).contains("carl"));
          await().atMost(PATIENCE).until(() -> !users(there).contains("ben"));
          assertThat(users(there)).contains("anna");
        }
      }
    }
  }

  private boolean isVacated(int node) throws IOException {
    try (Api api = new Api(nodes.node(node).port(), TWO)) {
      return api.get("/channels", "").body().contains("\"channels\":{}");
    }
  }
}
