package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.StreamOfRows;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What a stream shows of channels, members, requests and reloads, byte by byte.
final class RowKindsTest {

  private final ConsoleNode node = new ConsoleNode();

  @AfterEach
  void stop() {
    node.close();
  }

  private static String row(String kind, String rest) {
    return "\\{\"id\":\"\\d+\",\"t\":\\d+,\"app\":\"1234\",\"kind\":\"" + kind + "\"," + rest + "}";
  }

  @Test
  void channelsAndTheirMembers() throws IOException {
    try (StreamOfRows stream =
        new StreamOfRows(node.port(), ConsoleNode.APP, "&kind=occupied,vacated,member")) {
      stream.next(": the rows");
      String user = "{\"user_id\":\"7\"}";
      try (RawSocket one = node.connect();
          RawSocket two = node.connect()) {
        one.subscribePresence(ConsoleNode.APP, "presence-x", user);
        one.nextTextContaining("subscription_succeeded");
        two.subscribePresence(ConsoleNode.APP, "presence-x", user);
        two.nextTextContaining("subscription_succeeded");
        one.unsubscribe("presence-x");
        two.unsubscribe("presence-x");
        String channel = "\"channel\":\"presence-x\"";
        assertThat(stream.row()).matches(row("occupied", channel));
        String member = channel + ",\"user\":\"7\",\"change\":";
        assertThat(stream.row()).matches(row("member", member + "\"added\""));
        String removed = row("member", member + "\"removed\"");
        String vacated = row("vacated", channel);
        assertThat(stream.row() + stream.row())
            .matches(removed + vacated + "|" + vacated + removed);
      }
    }
  }

  @Test
  void reloadsAndRequests() throws IOException {
    try (StreamOfRows stream =
        new StreamOfRows(node.port(), ConsoleNode.APP, "&kind=reload,request")) {
      stream.next(": the rows");
      node.node().server().reloads().failed();
      assertThat(stream.row()).matches(row("reload", "\"applied\":false"));
      node.node().server().reloads().succeeded(0);
      assertThat(stream.row()).matches(row("reload", "\"applied\":true"));
      node.api().publish("news", "e", "x");
      assertThat(stream.row())
          .matches(
              row(
                  "request",
                  "\"request\":\"/apps/\\{id}/events\",\"status\":200,\"took_us\":\\d+"));
    }
  }

  /// A browser that comes back names the last event that it has got.
  @Test
  void aStreamIsContinued() throws IOException {
    String id;
    try (StreamOfRows stream = new StreamOfRows(node.port(), ConsoleNode.APP, "&kind=publish")) {
      stream.next(": the rows");
      node.api().publish("news", "first", "x");
      id = stream.next("id: ").substring("id: ".length());
      assertThat(id).matches("[0-9a-z]+-\\d+");
      assertThat(stream.row()).contains("\"event\":\"first\"");
    }
    node.api().publish("news", "second", "x");
    try (StreamOfRows stream =
        new StreamOfRows(node.port(), ConsoleNode.APP, "&kind=publish", "Last-Event-ID: " + id)) {
      assertThat(stream.row()).contains("\"event\":\"second\"");
    }
    try (StreamOfRows stream =
            new StreamOfRows(node.port(), ConsoleNode.APP, "&kind=publish&last=1");
        StreamOfRows wrong = new StreamOfRows(node.port(), ConsoleNode.APP, "&last=201")) {
      assertThat(stream.row()).contains("\"event\":\"second\"");
      assertThat(wrong.next("{"))
          .isEqualTo("{\"error\":\"last must be a whole number up to 200\"}");
    }
  }

  @Test
  void connectionsAreSelected() throws IOException {
    try (RawSocket one = node.subscribed("news");
        RawSocket two = node.connect()) {
      two.signIn(ConsoleNode.APP, "{\"id\":\"7\"}");
      two.nextTextContaining("signin_success");
      assertThat(node.get("/connections", "").path("connections")).hasSize(2);
      assertThat(node.get("/connections", "").has("next")).isFalse();
      assertThat(node.get("/connections", "channel=news").path("connections").toString())
          .startsWith("[{\"socket_id\":\"" + one.socketId() + "\",\"address\":\"127.0.0.1:")
          .endsWith(",\"subscriptions\":1}]");
      assertThat(node.get("/connections", "user=7").path("connections").toString())
          .startsWith("[{\"socket_id\":\"" + two.socketId() + "\"");
      assertThat(node.get("/connections", "user=7&channel=news").toString())
          .isEqualTo("{\"total\":2,\"connections\":[]}");
      assertThat(node.get("/connections", "address=127.0.0.1").path("connections")).hasSize(2);
      assertThat(node.get("/connections", "address=10.").path("connections")).isEmpty();
      String first = node.get("/connections", "limit=1").path("next").asString();
      assertThat(node.get("/connections", "limit=1&after=" + first).path("connections")).hasSize(1);
    }
  }
}
