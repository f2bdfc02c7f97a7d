package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.cluster.MeshState.Standing;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.Receiver.Manner;
import dev.fanfare.testing.Receiver.Taken;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes shut down or are killed while their receiver is busy: what they have not delivered is
/// delivered by those that remain. Their outboxes are in memory, so nothing else keeps it.
final class WebhookHandOverTest {

  /// About eight are coordinated by each node.
  private static final int CHANNELS = 24;

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final DrainOptions AT_ONCE = new DrainOptions(0, 0, 0);

  private final Receiver receiver = new Receiver().always(Manner.IS_BUSY);
  private final App app = TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
  private final TestCluster cluster =
      TestCluster.start(
          TestNode.PARTS.withWebhooks(WebhookOptions.DEFAULTS.withHoldBackSeconds(0)),
          FanfareServer.Clocks.SYSTEM,
          3,
          app);

  WebhookHandOverTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    cluster.close();
    receiver.close();
  }

  /// The test's user joins every channel on the first node. Returns what that reports.
  private List<String> joinAll(RawSocket socket) throws IOException {
    socket.patience(PATIENCE);
    List<String> all = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      socket.subscribePresence(app, "presence-" + i, "{\"user_id\":\"u\"}");
      socket.nextTextContaining("subscription_succeeded");
      all.add("channel_occupied presence-" + i);
      all.add("member_added presence-" + i + " u");
    }
    await()
        .atMost(PATIENCE)
        .until(() -> IntStream.range(0, 3).map(this::pending).sum() == all.size());
    return all;
  }

  private int pending(int node) {
    return PendingWebhooks.count(cluster.node(node).port(), app);
  }

  /// The receiver accepts everything from now on, and gets each event once, in order.
  private void expectOnce(List<String> all) {
    receiver.always(Manner.TAKES);
    List<String> delivered = new ArrayList<>();
    while (delivered.size() < all.size()) {
      Taken request = receiver.next();
      if (request.manner() == Manner.TAKES) {
        delivered.addAll(request.events());
      }
    }
    assertThat(delivered).containsExactlyInAnyOrderElementsOf(all);
    for (int i = 0; i < CHANNELS; i++) {
      assertThat(delivered)
          .containsSubsequence(
              "channel_occupied presence-" + i, "member_added presence-" + i + " u");
    }
  }

  @Test
  void whatANodeHasNotDeliveredWhenItShutsDownIsDeliveredOnceAndInOrder() throws IOException {
    try (RawSocket socket = cluster.node(0).connect()) {
      List<String> all = joinAll(socket);
      cluster.shutDown(1, AT_ONCE);
      cluster.shutDown(2, AT_ONCE);
      expectOnce(all);
    }
  }

  /// The node can send nothing to the others any more, and then its process ends.
  @Test
  void whatANodeHasNotDeliveredWhenItIsKilledIsDeliveredOnceAndInOrder() throws IOException {
    try (RawSocket socket = cluster.node(0).connect()) {
      List<String> all = joinAll(socket);
      cluster.awaitKeptWebhooks(all.size());
      cluster.cut(1);
      cluster.shutDown(1, AT_ONCE);
      cluster.await(0, state -> state.mesh().count(Standing.GONE) == 1);
      cluster.await(2, state -> state.mesh().count(Standing.GONE) == 1);
      expectOnce(all);
    }
  }
}
