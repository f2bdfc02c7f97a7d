package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.WebhookEndpoint;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.MemoryNodes;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Two servers that are joined by a bus are one to clients, publishers and webhook receivers.
@Tag("one-node")
final class JoinedNodesTest {

  private static final String CONSISTENCY = "X-Fanfare-Consistency";

  private final ManualClock clock = new ManualClock();
  private App app = TestNode.APP;
  private Receiver receiver;
  private MemoryNodes nodes;

  @BeforeEach
  void open() throws IOException {
    receiver = new Receiver();
    start(Apps.with(app, limits -> limits.withMaxPresenceMembers(3).withMaxConnections(4)));
  }

  private void start(App configured) {
    app = configured;
    nodes = MemoryNodes.start(2, clock.withSystemTime(), app);
  }

  @AfterEach
  void close() throws IOException {
    nodes.close();
    receiver.close();
  }

  private RawSocket connect(int node) throws IOException {
    return nodes.get(node).connect();
  }

  private RawSocket subscriber(int node, String channel) throws IOException {
    RawSocket socket = connect(node);
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    nodes.settle();
    return socket;
  }

  private RawSocket member(int node, String channel, String userId) throws IOException {
    RawSocket socket = connect(node);
    socket.subscribePresence(app, channel, "{\"user_id\":\"" + userId + "\"}");
    socket.nextTextContaining("subscription_succeeded");
    nodes.settle();
    return socket;
  }

  private RawSocket user(int node, String userData) throws IOException {
    RawSocket socket = connect(node);
    socket.signIn(app, userData);
    socket.nextTextContaining("signin_success");
    nodes.settle();
    return socket;
  }

  private HttpResponse<String> get(int node, String path, String query) throws IOException {
    try (Api api = new Api(nodes.get(node))) {
      return api.get(path, query);
    }
  }

  private void publish(int node, String channel, String event) throws IOException {
    try (Api api = new Api(nodes.get(node))) {
      api.publish(channel, event, "1");
    }
    nodes.settle();
  }

  /// The server has handled everything that was sent, and the other node knows.
  private void finish(RawSocket socket) throws IOException {
    socket.sendText("{\"event\":\"pusher:ping\"}");
    socket.nextTextContaining("pusher:pong");
    nodes.settle();
  }

  /// Closes a connection, and waits until both nodes know.
  private void end(RawSocket socket, int node) throws IOException {
    FanfareServer server = nodes.get(node).server();
    int rest = server.connections(app) - 1;
    socket.sendClose(1000, "");
    socket.nextClose();
    await().atMost(Duration.ofMinutes(1)).until(() -> server.connections(app) == rest);
    nodes.settle();
  }

  @Test
  void aUserOfTwoNodesIsOneMember() throws IOException {
    try (RawSocket watcher = member(0, "presence-a", "w");
        RawSocket phone = member(0, "presence-a", "u");
        RawSocket tablet = connect(1)) {
      assertThat(watcher.nextText()).contains("member_added", "\\\"u\\\"");
      tablet.subscribePresence(app, "presence-a", "{\"user_id\":\"u\"}");
      assertThat(tablet.nextText()).contains("subscription_succeeded", "\\\"count\\\":2");
      nodes.settle();
      phone.unsubscribe("presence-a");
      finish(phone);
      watcher.expectNothing();
      for (int node = 0; node < 2; node++) {
        assertThat(get(node, "/channels/presence-a", "info=user_count,subscription_count").body())
            .isEqualTo("{\"occupied\":true,\"user_count\":2,\"subscription_count\":2}");
        assertThat(get(node, "/channels/presence-a/users", "").body())
            .isEqualTo("{\"users\":[{\"id\":\"w\"},{\"id\":\"u\"}]}");
      }
      tablet.unsubscribe("presence-a");
      finish(tablet);
      assertThat(watcher.nextText()).contains("member_removed", "\\\"u\\\"");
    }
  }

  @Test
  void theMemberLimitCountsUsersOfAllNodes() throws IOException {
    try (RawSocket one = member(0, "presence-a", "1");
        RawSocket two = member(1, "presence-a", "2");
        RawSocket three = member(0, "presence-a", "3");
        RawSocket four = connect(1)) {
      four.subscribePresence(app, "presence-a", "{\"user_id\":\"4\"}");
      assertThat(four.nextText()).contains("LimitReached", "the limit is 3 (max_presence_members)");
      four.nextTextContaining("pusher:error");
      four.subscribePresence(app, "presence-a", "{\"user_id\":\"1\"}");
      assertThat(four.nextText()).contains("subscription_succeeded");
      assertThat(List.of(one, two, three)).doesNotContain(four);
    }
  }

  @Test
  void theConnectionLimitIsForAllNodes() throws IOException {
    try (RawSocket one = connect(0);
        RawSocket two = connect(1);
        RawSocket three = connect(0);
        RawSocket four = connect(1)) {
      nodes.settle();
      String target = "/app/" + app.key() + "?protocol=7";
      for (int node = 0; node < 2; node++) {
        try (RawSocket fifth = RawSocket.upgraded(nodes.get(node).port(), target)) {
          assertThat(fifth.nextText()).contains("4004", "(max_connections)");
        }
      }
      for (RawSocket each : List.of(one, two, three)) {
        each.expectNothing();
      }
      end(four, 1);
      try (RawSocket fifth = connect(0)) {
        fifth.expectNothing();
      }
    }
  }

  @Test
  void subscriptionCountsAreSums() throws IOException {
    try (RawSocket first = subscriber(0, "a")) {
      assertThat(first.nextText()).contains("subscription_count", ":1}");
      try (RawSocket second = subscriber(1, "a")) {
        assertThat(second.nextText()).contains("subscription_count", ":2}");
        clock.advance(Duration.ofMillis(250));
        assertThat(first.nextText()).contains("subscription_count", ":2}");
        clock.advance(Duration.ofMillis(250));
        second.unsubscribe("a");
        finish(second);
        assertThat(first.nextText()).contains("subscription_count", ":1}");
      }
    }
  }

  @Test
  void watchersAreNotifiedOfUsersOfAllNodes() throws IOException {
    try (RawSocket watcher = user(0, "{\"id\":\"w\",\"watchlist\":[\"u\"]}")) {
      assertThat(watcher.nextText()).contains("offline", "[\\\"u\\\"]");
      try (RawSocket here = user(0, "{\"id\":\"u\"}");
          RawSocket there = user(1, "{\"id\":\"u\"}")) {
        assertThat(watcher.nextText()).contains("online", "[\\\"u\\\"]");
        end(here, 0);
        clock.advance(Duration.ofSeconds(4));
        watcher.expectNothing();
        end(there, 1);
      }
      clock.advance(Duration.ofSeconds(3));
      assertThat(watcher.nextText()).contains("offline", "[\\\"u\\\"]");
      try (RawSocket second = user(1, "{\"id\":\"v\",\"watchlist\":[\"w\"]}")) {
        assertThat(second.nextText()).contains("\\\"name\\\":\\\"online\\\"", "[\\\"w\\\"]");
      }
    }
  }

  @Test
  void aUserIsReachedOnEveryNode() throws IOException {
    try (RawSocket here = user(0, "{\"id\":\"u\"}");
        RawSocket there = user(1, "{\"id\":\"u\"}")) {
      for (RawSocket each : List.of(here, there)) {
        each.subscribe("#server-to-user-u");
        each.nextTextContaining("subscription_succeeded");
      }
      nodes.settle();
      publish(0, "#server-to-user-u", "e");
      for (RawSocket each : List.of(here, there)) {
        assertThat(each.nextText()).contains("\"event\":\"e\"");
        each.expectNothing();
      }
      assertThat(get(1, "/channels", "").body()).isEqualTo("{\"channels\":{}}");
    }
  }

  @Test
  void aCacheChannelKeepsOneEventForAllNodes() throws IOException {
    publish(0, "cache-a", "first");
    publish(1, "cache-a", "second");
    for (int node = 0; node < 2; node++) {
      try (RawSocket socket = subscriber(node, "cache-a")) {
        assertThat(socket.nextText()).contains("\"event\":\"second\"");
        assertThat(get(1 - node, "/channels/cache-a", "info=cache").body())
            .matches("\\{\"occupied\":true,\"cache\":\\{\"data\":\"1\",\"ttl\":(1800|17\\d\\d)}}");
      }
    }
  }

  @Test
  void answersSayHowCompleteTheyAre() throws IOException {
    for (String path : List.of("/channels", "/channels/a", "/channels/presence-a/users")) {
      assertThat(get(0, path, "").headers().firstValue(CONSISTENCY)).hasValue("complete");
    }
    try (Api api = new Api(nodes.get(0))) {
      String event = "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\"";
      assertThat(api.post("/events", event + "}").headers().firstValue(CONSISTENCY)).isEmpty();
      HttpResponse<String> answer =
          api.post("/events", event + ",\"info\":\"subscription_count\"}");
      assertThat(answer.headers().firstValue(CONSISTENCY)).hasValue("complete");
    }
    nodes.stop(1);
    assertThat(get(0, "/channels", "").headers().firstValue(CONSISTENCY).orElse(""))
        .startsWith("partial; missing=1; age=");
  }

  @Test
  void aSingleNodeSaysNothingAboutIt() throws IOException {
    try (TestNode single = TestNode.start();
        Api api = new Api(single)) {
      assertThat(api.get("/channels", "").headers().firstValue(CONSISTENCY)).isEmpty();
    }
  }

  /// Each node sees every change, and one of them reports it; client events are reported by the
  /// node that accepted them.
  @Test
  void aWebhookIsSentOnceForAllNodes() throws IOException {
    nodes.close();
    start(TestNode.APP.withWebhooks(List.of(WebhookEndpoint.at(receiver.url()))));
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String channel = "presence-" + i;
      try (RawSocket here = member(i % 2, channel, "u");
          RawSocket there = member(1 - i % 2, channel, "v")) {
        there.unsubscribe(channel);
        finish(there);
        here.unsubscribe(channel);
        finish(here);
      }
      expected.addAll(List.of("channel_occupied " + channel, "channel_vacated " + channel));
      for (String user : List.of("u", "v")) {
        expected.add("member_added " + channel + " " + user);
        expected.add("member_removed " + channel + " " + user);
      }
    }
    assertThat(reported()).containsExactlyInAnyOrderElementsOf(expected);
  }

  /// A channel whose webhooks are sent by that node.
  private String coordinated(int node) {
    return IntStream.range(0, 1_000)
        .mapToObj(i -> "private-end-" + i)
        .filter(name -> Rendezvous.first(app.id(), name, List.of(1L, 2L)) == node + 1L)
        .findFirst()
        .orElseThrow();
  }

  /// What was reported by both nodes until now; each then reports a client event, after all before.
  private List<String> reported() throws IOException {
    for (int node = 0; node < 2; node++) {
      String channel = coordinated(node);
      try (RawSocket socket = connect(node)) {
        socket.subscribePrivate(app, channel);
        socket.nextTextContaining("subscription_succeeded");
        socket.trigger(channel, "client-end", "1");
        finish(socket);
      }
    }
    List<String> reported = new ArrayList<>();
    int ends = 0;
    while (ends < 2) {
      String event = receiver.nextEvent();
      if (event.startsWith("client_event")) {
        ends++;
      } else if (event.contains(" presence-")) {
        reported.add(event);
      }
    }
    return reported;
  }
}
