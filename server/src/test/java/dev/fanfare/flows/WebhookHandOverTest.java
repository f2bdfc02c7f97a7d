package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
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
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Nodes shut down while their receiver is busy: what they have not delivered is delivered by the
/// node that remains. Their outboxes are in memory, so nothing else keeps it.
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

  @Test
  void whatANodeHasNotDeliveredWhenItShutsDownIsDeliveredOnceAndInOrder() throws IOException {
    try (RawSocket socket = cluster.node(0).connect()) {
      socket.patience(PATIENCE);
      List<String> all = new ArrayList<>();
      for (int i = 0; i < CHANNELS; i++) {
        socket.subscribePresence(app, "presence-" + i, "{\"user_id\":\"u\"}");
        socket.nextTextContaining("subscription_succeeded");
        all.add("channel_occupied presence-" + i);
        all.add("member_added presence-" + i + " u");
      }
      Set<String> refused = new HashSet<>();
      while (refused.size() < all.size()) {
        refused.addAll(receiver.next().events());
      }
      cluster.shutDown(1, AT_ONCE);
      cluster.shutDown(2, AT_ONCE);
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
  }
}
