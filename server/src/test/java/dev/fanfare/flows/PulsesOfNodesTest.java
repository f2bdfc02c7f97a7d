package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Api;
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
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Client events and cache misses of two nodes are reported by one of them.
@Tag("one-node")
final class PulsesOfNodesTest {

  /// About half of them are coordinated by each node.
  private static final int CHANNELS = 8;

  private static final int ROUNDS = 5;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final Receiver receiver = new Receiver();
  private final App app =
      Apps.with(TestNode.APP, limits -> limits.withMaxClientEventsPerSecond(0))
          .withWebhooks(List.of(WebhookEndpoint.at(receiver.url())));
  private final TestCluster cluster =
      TestCluster.start(
          TestNode.PARTS.withWebhooks(WebhookOptions.DEFAULTS.withHoldBackSeconds(0)),
          FanfareServer.Clocks.SYSTEM,
          2,
          app);
  private final List<RawSocket> sockets = new ArrayList<>();

  PulsesOfNodesTest() throws IOException {}

  @AfterEach
  void close() throws IOException {
    for (RawSocket socket : sockets) {
      socket.close();
    }
    cluster.close();
    receiver.close();
  }

  private RawSocket connect(int node) throws IOException {
    RawSocket socket = cluster.node(node).connect();
    sockets.add(socket);
    socket.patience(PATIENCE);
    return socket;
  }

  private RawSocket subscriber(int node) throws IOException {
    RawSocket socket = connect(node);
    for (int i = 0; i < CHANNELS; i++) {
      socket.subscribePrivate(app, "private-" + i);
      socket.nextTextContaining("subscription_succeeded");
    }
    return socket;
  }

  /// One answers the other.
  private static void alternate(RawSocket here, RawSocket there) throws IOException {
    for (int round = 0; round < ROUNDS; round++) {
      for (int i = 0; i < CHANNELS; i++) {
        here.trigger("private-" + i, "client-ask", Integer.toString(round));
        there.nextTextContaining("client-ask");
        there.trigger("private-" + i, "client-answer", Integer.toString(round));
        here.nextTextContaining("client-answer");
      }
    }
  }

  /// What is sent until so many of it are client events, without what the receiver has refused.
  private List<String> until(int clientEvents) {
    List<String> all = new ArrayList<>();
    while (count(all, "client_event") < clientEvents) {
      Taken request = receiver.next();
      if (request.manner() == Manner.TAKES) {
        all.addAll(request.events());
      }
    }
    return all;
  }

  private static long count(List<String> events, String kind) {
    return events.stream().filter(event -> event.startsWith(kind)).count();
  }

  private int pending(int node) {
    return PendingWebhooks.count(cluster.node(node).port(), app);
  }

  private String pendingAt(int node) throws IOException {
    try (Api api = new Api(cluster.node(node).port(), app)) {
      return api.get("/webhooks", "limit=100&state=pending").body();
    }
  }

  /// The events of each sender on each channel, in their order.
  private static void expectInOrder(List<String> events) {
    for (int i = 0; i < CHANNELS; i++) {
      for (String kind : List.of("client-ask", "client-answer")) {
        String prefix = "client_event private-" + i + " " + kind + " ";
        List<String> rounds =
            events.stream()
                .filter(event -> event.startsWith(prefix))
                .map(event -> event.substring(prefix.length(), event.lastIndexOf(' ')))
                .toList();
        assertThat(rounds)
            .as(prefix)
            .isEqualTo(IntStream.range(0, ROUNDS).mapToObj(Integer::toString).toList());
      }
    }
  }

  @Test
  void clientEventsOfBothNodesAreSentOnceByTheNodeThatSendsAllOfTheChannel() throws IOException {
    receiver.always(Manner.IS_BUSY);
    RawSocket here = subscriber(0);
    RawSocket there = subscriber(1);
    alternate(here, there);
    int events = CHANNELS + 2 * ROUNDS * CHANNELS;
    await().atMost(PATIENCE).until(() -> pending(0) + pending(1) == events);
    for (int i = 0; i < CHANNELS; i++) {
      String channel = "private-" + i + "\"";
      List<Boolean> nodes = List.of(pendingAt(0).contains(channel), pendingAt(1).contains(channel));
      assertThat(nodes).as(channel).containsExactlyInAnyOrder(true, false);
    }
    receiver.always(Manner.TAKES);
    expectInOrder(until(2 * ROUNDS * CHANNELS));
    end(here);
    assertThat(until(CHANNELS)).as("nothing is sent twice").allMatch(e -> e.contains("client-end"));
  }

  private static void end(RawSocket socket) throws IOException {
    for (int i = 0; i < CHANNELS; i++) {
      socket.trigger("private-" + i, "client-end", "1");
    }
  }

  @Test
  void aMissThatBothNodesSeeIsSentOnce() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      expected.add("cache_miss cache-" + i);
      for (int node = 0; node < 2; node++) {
        RawSocket socket = connect(node);
        socket.subscribe("cache-" + i);
        socket.nextTextContaining("pusher:cache_miss");
      }
    }
    RawSocket here = subscriber(0);
    RawSocket there = subscriber(1);
    end(here); // whatever a node sends, and to whichever node, is sent before this
    end(there);
    List<String> all = until(2 * CHANNELS);
    assertThat(all.stream().filter(event -> event.startsWith("cache_miss")))
        .containsExactlyInAnyOrderElementsOf(expected);
  }
}
