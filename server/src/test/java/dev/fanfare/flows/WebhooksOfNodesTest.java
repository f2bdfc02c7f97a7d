package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Three nodes report each change of a channel once. When the coordinator of a channel is gone,
/// another node continues from what it has reported.
final class WebhooksOfNodesTest {

  private static final int CHANNELS = 8;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Receiver receiver = new Receiver();
  private final App app = TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
  private final TestCluster cluster =
      TestCluster.start(
          TestNode.PARTS.withWebhooks(WebhookOptions.DEFAULTS.withHoldBackSeconds(0)),
          FanfareServer.Clocks.SYSTEM,
          3,
          app);
  private final List<RawSocket> sockets = new ArrayList<>();

  WebhooksOfNodesTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    for (RawSocket socket : sockets) {
      socket.close();
    }
    cluster.close();
    receiver.close();
  }

  /// The user joins every channel on that node.
  private RawSocket join(int node, String user) throws IOException {
    RawSocket socket = cluster.node(node).connect();
    sockets.add(socket);
    socket.patience(PATIENCE);
    for (int i = 0; i < CHANNELS; i++) {
      socket.subscribePresence(app, "presence-" + i, "{\"user_id\":\"" + user + "\"}");
      socket.nextTextContaining("subscription_succeeded");
    }
    return socket;
  }

  private static void leave(RawSocket socket) throws IOException {
    for (int i = 0; i < CHANNELS; i++) {
      socket.unsubscribe("presence-" + i);
    }
  }

  /// The next webhooks are these, about every channel, in any order.
  private void expect(String... events) {
    List<String> expected = new ArrayList<>();
    for (String event : events) {
      for (int i = 0; i < CHANNELS; i++) {
        expected.add(event.replace("*", "presence-" + i));
      }
    }
    List<String> reported = new ArrayList<>();
    while (reported.size() < expected.size()) {
      reported.add(receiver.nextEvent());
    }
    assertThat(reported).containsExactlyInAnyOrderElementsOf(expected);
  }

  @Test
  void whatAKilledNodeHasReportedIsNotReportedAgain() throws IOException {
    RawSocket here = join(0, "u");
    join(1, "v");
    expect("channel_occupied *", "member_added * u", "member_added * v");
    cluster.awaitKeptWebhooks(0); // the others know what is delivered
    cluster.cut(1);
    RawSocket third = join(2, "w");
    expect("member_added * w", "member_removed * v");
    leave(here);
    leave(third);
    expect("member_removed * u", "member_removed * w", "channel_vacated *");
  }

  @Test
  void whatANodeThatShutsDownHasReportedIsNotReportedAgain() throws IOException {
    RawSocket here = join(0, "u");
    join(1, "v");
    expect("channel_occupied *", "member_added * u", "member_added * v");
    cluster.shutDown(1, new DrainOptions(0, 0, 0));
    expect("member_removed * v");
    leave(here);
    expect("member_removed * u", "channel_vacated *");
  }
}
