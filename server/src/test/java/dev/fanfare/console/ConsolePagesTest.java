package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.FallbackClient;
import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the console answers about connections, channels and refusals.
final class ConsolePagesTest {

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void connectionsAreListedInPagesByTheirIds() throws IOException {
    try (RawSocket one = node.subscribed("a");
        RawSocket two = node.connect();
        RawSocket three = node.connect()) {
      List<String> ids =
          List.copyOf(new TreeSet<>(List.of(one.socketId(), two.socketId(), three.socketId())));
      JsonNode first = node.get("/connections", "limit=2");
      assertThat(first.get("total").asInt()).isEqualTo(3);
      assertThat(first.get("connections")).hasSize(2);
      assertThat(first.get("next").stringValue()).isEqualTo(ids.get(1));
      JsonNode second = node.get("/connections", "after=" + ids.get(1) + "&limit=2");
      assertThat(second.get("connections")).hasSize(1);
      assertThat(second.get("connections").get(0).get("socket_id").stringValue())
          .isEqualTo(ids.get(2));
      assertThat(second.has("next")).isFalse();
    }
  }

  @Test
  void aConnectionHasItsPast() throws IOException {
    String id;
    try (RawSocket socket = node.subscribed("a")) {
      id = socket.socketId();
      socket.subscribe("private-b");
      JsonNode open = node.await("/connections/" + id, "", it -> it.get("past").size() >= 3);
      assertThat(open.get("open").asBoolean()).isTrue();
      assertThat(open.get("address").stringValue()).startsWith("127.0.0.1:");
      assertThat(open.get("transport").stringValue()).isEqualTo("websocket");
      assertThat(open.get("pending_bytes").asInt()).isZero();
      assertThat(open.get("subscriptions").get(0).stringValue()).isEqualTo("a");
      assertThat(open.get("past").valueStream().map(row -> row.get("kind").stringValue()))
          .startsWith("connect", "subscribe", "refuse");
      assertThat(open.get("past").get(2).get("channel").stringValue()).isEqualTo("private-b");
      assertThat(open.get("past").get(2).get("status").asInt()).isEqualTo(401);
    }
    JsonNode gone = node.await("/connections/" + id, "", it -> it.toString().contains("\"close\""));
    assertThat(gone.get("open").asBoolean()).isFalse();
    assertThat(node.send("/api/apps/1234/connections/9.9", "").body())
        .isEqualTo("{\"error\":\"This node has no connection 9.9\"}\n");
  }

  @Test
  void aConnectionOverHttpHasItsTransport() throws IOException {
    int port = node.node().port();
    try (var stream = new FallbackClient(port, ConsoleNode.APP.key()).stream()) {
      String id = stream.established();
      assertThat(node.get("/connections/" + id, "").get("transport").stringValue())
          .isEqualTo("xhr_streaming");
    }
  }

  @Test
  void channelsAreListedInPagesByTheirNames() throws IOException {
    try (RawSocket one = node.subscribed("b");
        RawSocket two = node.subscribed("a");
        RawSocket three = node.subscribed("a");
        RawSocket four = node.subscribed("x")) {
      assertThat(List.of(one, two, three, four)).hasSize(4);
      assertThat(node.get("/channels", "limit=2"))
          .hasToString(
              "{\"total\":3,\"channels\":[{\"name\":\"a\",\"subscribers\":2,\"subscribers_here\":2},"
                  + "{\"name\":\"b\",\"subscribers\":1,\"subscribers_here\":1}],\"next\":\"b\"}");
      assertThat(node.get("/channels", "after=b&prefix=x"))
          .hasToString(
              "{\"total\":3,\"channels\":[{\"name\":\"x\",\"subscribers\":1,"
                  + "\"subscribers_here\":1}]}");
    }
  }

  @Test
  void aChannelHasItsMembersAndPublishes() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribePresence(ConsoleNode.APP, "presence-a", "{\"user_id\":\"7\"}");
      socket.nextTextContaining("subscription_succeeded");
      node.api().publish("presence-a", "e", "hello");
      socket.nextTextContaining("hello");
      JsonNode channel = node.get("/channels/presence-a", "");
      assertThat(channel.get("users").asInt()).isEqualTo(1);
      assertThat(channel.get("members")).hasToString("[{\"id\":\"7\",\"info\":\"{}\"}]");
      assertThat(channel.get("publishes").get(0).get("data").stringValue()).isEqualTo("hello");
    }
  }

  @Test
  void aNameThatHasNoSubscribersGetsTheOneThatWasMeant() throws IOException {
    try (RawSocket one = node.subscribed("orders.1")) {
      assertThat(one.socketId()).isNotEmpty();
      for (String typo : List.of("order.1", "Orders.1", "private-orders.1", "ordesr.1")) {
        assertThat(node.get("/channels/" + typo, "").get("similar"))
            .as(typo)
            .hasToString("{\"name\":\"orders.1\",\"subscribers\":1}");
      }
      assertThat(node.get("/channels/entirely-else", "").has("similar")).isFalse();
    }
  }

  /// Browsers resolve `..` and `%2e%2e` in addresses, so pages encode such a name twice.
  @Test
  void aChannelOfDotsHasAnAddress() throws IOException {
    try (RawSocket one = node.subscribed("..")) {
      assertThat(one.socketId()).isNotEmpty();
      for (String name : List.of("%252e%252e", "%252E%252E", "%2e%2e")) {
        assertThat(node.get("/channels/" + name, "").get("subscribers").asInt())
            .as(name)
            .isEqualTo(1);
        assertThat(
                node.get("/nodes/channels/" + name, "")
                    .get("nodes")
                    .get(0)
                    .get("answer")
                    .get("subscribers")
                    .asInt())
            .as(name)
            .isEqualTo(1);
      }
    }
  }

  @Test
  void refusalsAreThoseOfTheAppNewestFirst() throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribe("private-a");
      socket.sendText("{\"event\":\"client-e\",\"channel\":\"a\",\"data\":\"x\"}");
      assertThat(node.api().post("/events", "{").statusCode()).isEqualTo(400);
      JsonNode all = node.await("/refusals", "", it -> it.get("refusals").size() == 3);
      assertThat(all.get("refusals").valueStream().map(row -> row.get("what").stringValue()))
          .containsExactlyInAnyOrder("subscription", "message", "request");
      assertThat(all.toString())
          .contains("\"request\":\"POST /apps/1234/events\"")
          .doesNotContain(ConsoleNode.APP.secret().reveal());
      assertThat(node.get("/refusals", "limit=1").get("refusals")).hasSize(1);
    }
  }

  @Test
  void theOverviewHasNumbersOnly() throws IOException {
    try (RawSocket socket = node.subscribed("a")) {
      assertThat(socket.socketId()).isNotEmpty();
      assertThat(node.send("/api/overview", "").body())
          .contains("\"ready\":true,\"reasons\":[],\"connections\":1,\"channels\":1,\"streams\":0")
          .contains("\"lost_rows\":0,\"lanes\":[{\"waiting\":");
    }
  }

  @Test
  void noAnswerHasASecret() throws IOException {
    try (RawSocket socket = node.subscribed("a")) {
      node.api().publish("a", "e", "x");
      socket.subscribe("private-b");
      assertThat(node.api().post("/events", "{").statusCode()).isEqualTo(400);
      JsonNode refusals = node.await("/refusals", "", it -> it.get("refusals").size() == 2);
      StringBuilder answers = new StringBuilder(refusals.toString());
      String id = socket.socketId();
      for (String path :
          List.of(
              "/connections",
              "/connections/" + id,
              "/channels",
              "/channels/a",
              "/channels/private-b",
              "/traces",
              "/traces/1",
              "/traces/1/to/" + id,
              "/traces/2/to/" + id)) {
        answers.append(node.get(path, ""));
      }
      answers.append(node.send("/api/overview", "").body());
      assertThat(answers.toString())
          .contains("Auth info required")
          .doesNotContain(ConsoleNode.APP.secret().reveal(), ConsoleNode.OTHER.secret().reveal());
    }
  }

  @Test
  void aWrongPageIsRefused() throws IOException {
    assertThat(node.send("/api/apps/1234/traces", "limit=0").body())
        .isEqualTo("{\"error\":\"limit must be a whole number from 1 to 100\"}\n");
    assertThat(node.send("/api/apps/1234/traces", "before=x").statusCode()).isEqualTo(400);
    assertThat(node.send("/api/apps/1234/nothing", "").statusCode()).isEqualTo(404);
    assertThat(node.send("/api/apps/1234", "").statusCode()).isEqualTo(404);
    assertThat(node.send("/api/apps/1234/traces/1/to", "").statusCode()).isEqualTo(404);
    assertThat(node.send("/api/apps/1234/traces/77", "").body())
        .isEqualTo("{\"error\":\"No publish 77 is remembered (the setting is console_traces)\"}\n");
  }

  /// Signed by one of two apps.
  @Test
  void theNumbersOfTheOverviewAreThoseOfTheAppsThatMayBeSeen() throws IOException {
    try (RawSocket own = node.subscribed("a");
        RawSocket other = RawSocket.established(node.node().port(), ConsoleNode.OTHER.key())) {
      assertThat(own.socketId()).isNotEqualTo(other.socketId());
      for (String path : List.of("/api/overview", "/api/nodes")) {
        assertThat(node.send(path, "").body())
            .contains("\"connections\":1,\"channels\":1,")
            .contains("\"lanes\":[{\"waiting\":")
            .doesNotContain("sockets");
      }
    }
  }
}
