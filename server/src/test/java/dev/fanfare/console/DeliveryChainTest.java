package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.SlowReaders;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// Each of the ten steps is provoked, and the sentence that names the cause is compared. A real
/// server, real connections, real requests.
final class DeliveryChainTest {

  private static final int MAX_EVENTS = 20_000;

  private static String made(JsonNode chain) {
    StringBuilder made = new StringBuilder();
    chain.get("steps").forEach(step -> made.append(step.get("made").stringValue().charAt(0)));
    return made.toString();
  }

  private static JsonNode chain(ConsoleNode node, String socketId) throws IOException {
    return node.get("/traces/" + node.newest() + "/to/" + socketId, "");
  }

  private static String headline(JsonNode chain) {
    return chain.get("headline").stringValue();
  }

  private static String text(JsonNode chain, int step) {
    return chain.get("steps").get(step - 1).get("text").stringValue();
  }

  /// Waits until what a connection did is recorded.
  private static void awaitPast(ConsoleNode node, String socketId, String kind) throws IOException {
    node.await("/connections/" + socketId, "", it -> it.get("past").toString().contains(kind));
  }

  @Test
  void allStepsAreMadeIfTheClientHasTheEvent() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.subscribed("news")) {
      awaitPast(node, socket.socketId(), "\"subscribe\"");
      node.api().publish("news", "e", "x");
      socket.nextTextContaining("\"e\"");
      String path = "/traces/" + node.newest() + "/to/" + socket.socketId();
      socket.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
      socket.nextTextContaining("pusher:pong");
      JsonNode chain = node.await(path, "", it -> made(it).startsWith("yyyyyyyyy"));
      assertThat(made(chain)).isEqualTo("yyyyyyyyyu");
      assertThat(text(chain, 1)).startsWith("accepted from 127.0.0.1:");
      assertThat(text(chain, 5)).matches("subscribed \\d+ m?s before the event");
      assertThat(text(chain, 7)).isEqualTo("written for 1 of 1 subscriptions of the event loop");
      assertThat(text(chain, 9)).matches("the client has sent something \\d+ m?s later");
      assertThat(headline(chain))
          .isEqualTo(
              "as far as this server knows, the client has the event: is its name, e, bound there?"
                  + " Laravel Echo listens for App\\Events\\NAME unless the name begins with a"
                  + " dot");
    }
  }

  @Test
  void step1TheRequestWasRefused() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.subscribed("news")) {
      assertThat(node.api().post("/events", "{\"name\":\"e\"}").statusCode()).isEqualTo(400);
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("nuuuuuuuuu");
      assertThat(headline(chain))
          .matches("the request from 127\\.0\\.0\\.1:\\d+ was refused with 400: .+");
    }
  }

  @Test
  void step2TheConnectionIsOfAnotherApp() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = RawSocket.established(node.node().port(), ConsoleNode.OTHER.key())) {
      node.api().publish("news", "e", "x");
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("ynuuuuuuuu");
      assertThat(headline(chain))
          .isEqualTo(
              "published to app 1234, but connection "
                  + socket.socketId()
                  + " belongs to another app of this server: compare the key of the client with the"
                  + " credentials of the publisher");
    }
  }

  @Test
  void step3TheNameIsSpelledDifferently() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.subscribed("orders.1");
        RawSocket second = node.subscribed("orders.1")) {
      assertThat(second.socketId()).isNotEmpty();
      node.api().publish("order.1", "e", "x");
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yynuuuuuuu");
      assertThat(headline(chain))
          .isEqualTo(
              "no connection was subscribed to order.1; 2 are subscribed to orders.1: is the name"
                  + " spelled differently?");
      assertThat(node.get("/traces/" + node.newest(), "").get("similar"))
          .hasToString("{\"name\":\"orders.1\",\"subscribers\":2}");
      node.api().publish("entirely-else", "e", "x");
      assertThat(headline(chain(node, socket.socketId())))
          .isEqualTo(
              "no connection was subscribed to entirely-else, and no channel has a similar name");
    }
  }

  @Test
  void step4TheConnectionHadEndedOrHadNotBegun() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket other = node.subscribed("news")) {
      assertThat(other.socketId()).isNotEmpty();
      RawSocket socket = node.subscribed("news");
      socket.sendClose(1000, "bye");
      socket.nextClose();
      awaitPast(node, socket.socketId(), "\"close\"");
      node.api().publish("news", "e", "x");
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyynuuuuuu");
      assertThat(headline(chain))
          .matches("the connection was closed \\d+ m?s before the event: 1000, bye");
      try (RawSocket late = node.subscribed("news")) {
        awaitPast(node, late.socketId(), "\"connect\"");
        chain = chain(node, late.socketId());
        assertThat(made(chain)).isEqualTo("yyynuuuuuu");
        assertThat(headline(chain))
            .matches("the connection was established \\d+ m?s after the event");
      }
      socket.close();
      assertThat(made(chain(node, "9.9"))).startsWith("yuyuu");
    }
  }

  @Test
  void step5ItWasNotSubscribed() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket other = node.connect();
        RawSocket socket = node.connect()) {
      other.subscribePrivate(ConsoleNode.APP, "private-a");
      other.nextTextContaining("subscription_succeeded");
      node.api().publish("private-a", "e", "x");
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyyynuuuuu");
      assertThat(headline(chain))
          .isEqualTo(
              "it has not asked for private-a: does the auth endpoint of the app answer the"
                  + " client?");

      socket.subscribe("private-a");
      awaitPast(node, socket.socketId(), "\"refuse\"");
      node.api().publish("private-a", "e", "x");
      assertThat(headline(chain(node, socket.socketId())))
          .matches("it asked for private-a \\d+ m?s before the event and was refused with 401: .+");

      socket.subscribePrivate(ConsoleNode.APP, "private-a");
      socket.nextTextContaining("subscription_succeeded");
      awaitPast(node, socket.socketId(), "\"subscribe\"");
      assertThat(headline(chain(node, socket.socketId())))
          .matches("it subscribed to private-a \\d+ m?s after the event");

      socket.unsubscribe("private-a");
      awaitPast(node, socket.socketId(), "\"unsubscribe\"");
      node.api().publish("private-a", "e", "x");
      chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyyynuuuuu");
      assertThat(headline(chain)).matches("it left private-a \\d+ m?s before the event");
    }
  }

  /// The only subscriber of a channel was refused: the name is right, so that is not the cause.
  @Test
  void step5ItWasRefusedAndNoOtherIsThere() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.connect()) {
      socket.subscribe("private-a");
      awaitPast(node, socket.socketId(), "\"refuse\"");
      node.api().publish("private-a", "e", "x");
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyyynuuuuu");
      assertThat(text(chain, 3)).isEqualTo("the connection has asked for private-a");
    }
  }

  @Test
  void step6ThePublisherHasExcludedIt() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.subscribed("news")) {
      awaitPast(node, socket.socketId(), "\"subscribe\"");
      String body =
          "{\"name\":\"e\",\"channel\":\"news\",\"data\":\"x\",\"socket_id\":\"%s\"}"
              .formatted(socket.socketId());
      assertThat(node.api().post("/events", body).statusCode()).isEqualTo(200);
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyyyynuuuu");
      assertThat(headline(chain))
          .isEqualTo(
              "the publisher has excluded this connection by socket_id, as toOthers() of Laravel"
                  + " does");
    }
  }

  @Test
  void step6TheSenderOfAClientEvent() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.connect()) {
      socket.subscribePrivate(ConsoleNode.APP, "private-a");
      socket.nextTextContaining("subscription_succeeded");
      awaitPast(node, socket.socketId(), "\"subscribe\"");
      socket.trigger("private-a", "client-e", "\"x\"");
      node.await("/traces", "", it -> !it.get("traces").isEmpty());
      JsonNode chain = chain(node, socket.socketId());
      assertThat(made(chain)).isEqualTo("yyyyynuuuu");
      assertThat(text(chain, 1)).isEqualTo("accepted from connection " + socket.socketId());
      assertThat(headline(chain))
          .isEqualTo(
              "it was sent by this connection: the sender of a client event does not get it back");
    }
  }

  /// Step 7, and before it step 8: first what was written waits, then events are dropped.
  @Test
  void steps7And8ASlowReader() throws IOException {
    App drops =
        ConsoleNode.APP.withOptions(ConsoleNode.APP.options().withSlowReaders(SlowReaders.DROP));
    try (ConsoleNode node = new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), drops);
        RawSocket slow = node.subscribed("news")) {
      awaitPast(node, slow.socketId(), "\"subscribe\"");
      String large = "x".repeat(10_000);
      String waits = "";
      String missed = "";
      for (int i = 0; i < MAX_EVENTS && missed.isEmpty(); i++) {
        node.api().publish("news", "e", large);
        if (i % 20 == 19) {
          JsonNode chain = chain(node, slow.socketId());
          waits = made(chain).equals("yyyyyyynuu") ? headline(chain) : waits;
          missed = made(chain).equals("yyyyyynuuu") ? headline(chain) : missed;
        }
      }
      assertThat(waits)
          .matches(
              "\\d+ bytes wait for this connection: its client, or a proxy before it, reads too"
                  + " slowly");
      // Two of them may have been joined.
      assertThat(missed)
          .matches(
              "the client reads too slowly, and missed (this event|\\d+ events, this one too)"
                  + " \\(slow_readers: drop\\)");
    }
  }

  @Test
  void step9ASilentClient() throws IOException {
    try (ConsoleNode node = new ConsoleNode();
        RawSocket socket = node.subscribed("news")) {
      awaitPast(node, socket.socketId(), "\"subscribe\"");
      node.api().publish("news", "e", "x");
      socket.nextTextContaining("\"e\"");
      String path = "/traces/" + node.newest() + "/to/" + socket.socketId();
      JsonNode chain = node.await(path, "", it -> made(it).startsWith("yyyyyyyy"));
      assertThat(made(chain)).isEqualTo("yyyyyyyyuu");
      assertThat(text(chain, 9))
          .matches(
              "the client has sent nothing for \\d+ m?s; it is asked after"
                  + " activity_timeout_seconds of silence");
    }
  }
}
