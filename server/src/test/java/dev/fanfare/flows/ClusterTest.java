package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.session.DrainOptions;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestCluster;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Three nodes of one cluster behave as one server, and survive the end of one of them.
@Tag("one-node")
final class ClusterTest {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final TestCluster cluster = TestCluster.start(3, APP);

  @AfterEach
  void stop() {
    cluster.close();
  }

  private RawSocket connect(int node) throws IOException {
    RawSocket socket = cluster.node(node).connect();
    socket.patience(PATIENCE);
    return socket;
  }

  private RawSocket subscribed(int node, String channel) throws IOException {
    RawSocket socket = connect(node);
    socket.subscribe(channel);
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  private RawSocket member(int node, String channel, String user) throws IOException {
    RawSocket socket = connect(node);
    socket.subscribePresence(APP, channel, "{\"user_id\":\"" + user + "\"}");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  /// A new node may announce what it has subscribed to while the first events are published: no
  /// event after the confirmation is lost, on whichever node it is published.
  @Test
  void whatIsPublishedAfterTheConfirmationArrivesOnceAndInOrder() throws IOException {
    List<Api> apis = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      apis.add(new Api(cluster.node(i)));
    }
    try (RawSocket socket = connect(0)) {
      for (int i = 0; i < 60; i++) {
        String channel = "news-" + i;
        socket.subscribe(channel);
        socket.nextTextContaining("subscription_succeeded");
        Api api = apis.get(i % 3);
        api.publish(channel, "a", "first");
        api.publish(channel, "a", "second");
        assertThat(nextEvent(socket)).contains(channel, "first");
        assertThat(nextEvent(socket)).contains(channel, "second");
      }
    } finally {
      apis.forEach(Api::close);
    }
  }

  /// Leaves out subscription counts.
  private static String nextEvent(RawSocket socket) throws IOException {
    return socket.nextTextContaining("\"event\":\"a\"");
  }

  @Test
  void theSenderOfAnEventDoesNotReceiveItFromAnotherNode() throws IOException {
    try (RawSocket sender = subscribed(0, "news");
        RawSocket other = subscribed(1, "news");
        Api api = new Api(cluster.node(2))) {
      String except = ",\"socket_id\":\"" + sender.socketId() + "\"";
      String event = "{\"name\":\"a\",\"channels\":[\"news\"],\"data\":\"excluded\"" + except + "}";
      assertThat(api.post("/events", event).statusCode()).isEqualTo(200);
      api.publish("news", "a", "for all");
      assertThat(nextEvent(sender)).contains("for all");
      assertThat(nextEvent(other)).contains("excluded");
      assertThat(nextEvent(other)).contains("for all");
    }
  }

  @Test
  void aNodeThatJoinsLaterHasTheEventsOfCacheChannels() throws IOException {
    try (Api api = new Api(cluster.node(0))) {
      api.publish("cache-a", "a", "replaced");
      api.publish("cache-a", "a", "last");
    }
    TestNode late = cluster.add();
    cluster.awaitJoined();
    try (RawSocket socket = late.connect();
        Api api = new Api(late)) {
      socket.patience(PATIENCE);
      socket.subscribe("cache-a");
      assertThat(socket.nextTextContaining("\"channel\":\"cache-a\""))
          .contains("subscription_succeeded");
      assertThat(socket.nextTextContaining("\"channel\":\"cache-a\"")).contains("last");
      api.publish("cache-a", "a", "of the new node");
      assertThat(nextEvent(socket)).contains("of the new node");
    }
  }

  @Test
  void membersOfAllNodesAreOneList() throws IOException {
    try (RawSocket anna = member(0, "presence-room", "anna")) {
      try (RawSocket ben = connect(1)) {
        cluster.await(1, _ -> members(1, "presence-room").contains("anna"));
        ben.subscribePresence(APP, "presence-room", "{\"user_id\":\"ben\"}");
        assertThat(ben.nextTextContaining("subscription_succeeded"))
            .contains("anna", "ben", "\\\"count\\\":2");
        assertThat(nextNotice(anna)).contains("member_added", "ben");
        cluster.await(2, _ -> members(2, "presence-room").contains("ben"));
        assertThat(members(2, "presence-room")).contains("anna", "ben");
      }
      assertThat(nextNotice(anna)).contains("member_removed", "ben");
    }
  }

  private static String nextNotice(RawSocket socket) throws IOException {
    return socket.nextTextContaining("pusher_internal:member_");
  }

  private String members(int node, String channel) {
    try (Api api = new Api(cluster.node(node))) {
      return api.get("/channels/" + channel + "/users", "").body();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// A node whose process was killed says nothing any more; after the lease the others remove its
  /// members, once each.
  @Test
  void theMembersOfAKilledNodeAreRemovedOnce() throws IOException {
    // One after the other: notices of several nodes have no common order.
    try (RawSocket anna = member(0, "presence-room", "anna");
        RawSocket cara = memberThatSees("anna", 2, "presence-room", "cara");
        RawSocket ben = memberThatSees("cara", 1, "presence-room", "ben")) {
      assertThat(nextNotice(anna)).contains("member_added", "cara");
      assertThat(nextNotice(anna)).contains("member_added", "ben");
      assertThat(nextNotice(cara)).contains("member_added", "ben");
      cluster.cut(1);
      assertThat(nextNotice(cara)).contains("member_removed", "ben");
      assertThat(nextNotice(anna)).contains("member_removed", "ben");
      try (RawSocket dave = member(2, "presence-room", "dave")) {
        assertThat(nextNotice(anna)).as("the next notice").contains("member_added", "dave");
        assertThat(nextNotice(cara)).as("the next notice").contains("member_added", "dave");
        dave.expectNothing();
      }
      ben.expectNothing();
    }
  }

  /// Clients of a node that shuts down find another; the others do not even notice.
  @Test
  void membersWhoMoveFromADrainingNodeStayPresent() throws IOException {
    try (RawSocket anna = member(0, "presence-room", "anna");
        RawSocket ben = member(1, "presence-room", "ben")) {
      assertThat(nextNotice(anna)).contains("member_added", "ben");
      Thread end =
          Thread.ofPlatform().start(() -> cluster.shutDown(1, new DrainOptions(100, 1, 0)));
      ben.nextClose();
      try (RawSocket moved = member(2, "presence-room", "ben");
          RawSocket cara = member(2, "presence-room", "cara")) {
        assertThat(nextNotice(anna)).as("the next notice").contains("member_added", "cara");
        assertThat(nextNotice(moved)).as("the next notice").contains("member_added", "cara");
        join(end);
        await()
            .atMost(PATIENCE)
            .untilAsserted(() -> assertThat(cluster.state(0).mesh().peers()).hasSize(1));
        assertThat(cluster.state(0).mesh().totals().gone()).as("it has said farewell").isZero();
        assertThat(members(0, "presence-room")).contains("anna", "ben", "cara");
        moved.expectNothing();
        cara.expectNothing();
      }
    }
  }

  /// Joins on a node that knows another member already.
  private RawSocket memberThatSees(String other, int node, String channel, String user)
      throws IOException {
    cluster.await(node, _ -> members(node, channel).contains(other));
    return member(node, channel, user);
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aNodeThatJoinsLaterKnowsWhoIsThere() throws IOException {
    try (RawSocket anna = member(0, "presence-room", "anna")) {
      TestNode late = cluster.add();
      cluster.awaitJoined();
      assertThat(members(3, "presence-room")).contains("anna");
      try (RawSocket ben = late.connect()) {
        ben.subscribePresence(APP, "presence-room", "{\"user_id\":\"ben\"}");
        assertThat(ben.nextTextContaining("subscription_succeeded")).contains("anna", "ben");
        assertThat(nextNotice(anna)).contains("member_added", "ben");
      }
    }
  }
}
