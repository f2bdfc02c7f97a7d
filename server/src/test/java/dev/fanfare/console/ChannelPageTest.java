package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// What the console answers about one channel: its members, and what it has for later subscribers.
final class ChannelPageTest {

  private static final App KEEPS =
      ConsoleNode.APP.withHistory(List.of(HistoryRule.DEFAULTS.withKeepEvents(100)));

  private static String ids(JsonNode channel) {
    List<String> ids = new ArrayList<>();
    channel.path("members").forEach(member -> ids.add(member.path("id").asString()));
    return String.join(" ", ids);
  }

  @Test
  void membersAreFoundAndListedInPages() throws IOException {
    List<RawSocket> sockets = new ArrayList<>();
    App app = ConsoleNode.APP.withLimits(ConsoleNode.APP.limits().withMaxPresenceMembers(200));
    try (ConsoleNode node =
        new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), app, ConsoleNode.OTHER)) {
      for (int i = 100; i < 203; i++) {
        RawSocket socket = node.connect();
        sockets.add(socket);
        socket.subscribePresence(
            ConsoleNode.APP,
            "presence-a",
            "{\"user_id\":\"" + i + "\",\"user_info\":{\"name\":\"<b>\"}}");
        socket.nextTextContaining("subscription_succeeded");
      }
      JsonNode first = node.get("/channels/presence-a", "");
      assertThat(first.get("members")).hasSize(100);
      assertThat(first.get("members").get(0))
          .hasToString("{\"id\":\"100\",\"info\":\"{\\\"name\\\":\\\"<b>\\\"}\"}");
      assertThat(first.get("next").stringValue()).isEqualTo("199");
      assertThat(ids(node.get("/channels/presence-a", "after=199"))).isEqualTo("200 201 202");
      assertThat(ids(node.get("/channels/presence-a", "member=20"))).isEqualTo("200 201 202");
      assertThat(ids(node.get("/channels/presence-a", "member=x"))).isEmpty();
    } finally {
      for (RawSocket socket : sockets) {
        socket.close();
      }
    }
  }

  @Test
  void whatTheChannelKeepsIsListed() throws IOException {
    try (ConsoleNode node =
        new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), KEEPS, ConsoleNode.OTHER)) {
      for (int i = 0; i < 25; i++) {
        node.api().publish("cache-a", "e" + i, "d" + i);
      }
      JsonNode channel = node.get("/channels/cache-a", "");
      assertThat(channel.get("cached"))
          .hasToString("{\"event\":\"e24\",\"chars\":3,\"data\":\"d24\"}");
      assertThat(channel.get("kept")).hasSize(20);
      JsonNode newest = channel.get("kept").get(0);
      assertThat(newest.get("event").stringValue()).isEqualTo("e24");
      assertThat(newest.get("data").stringValue()).isEqualTo("d24");
      assertThat(newest.get("id").stringValue()).startsWith(newest.get("t").asLong() + "-");
      assertThat(channel.get("kept_more").asBoolean()).isTrue();
      assertThat(node.get("/channels/b", "").get("kept")).isEmpty();
    }
  }

  @Test
  void withoutARuleNothingIsKept() throws IOException {
    try (ConsoleNode node = new ConsoleNode()) {
      node.api().publish("a", "e", "x");
      JsonNode channel = node.get("/channels/a", "");
      assertThat(channel.has("kept")).isFalse();
      assertThat(channel.has("cached")).isFalse();
    }
  }

  @Test
  void dataIsHiddenWhereItMustNotBeShown() throws IOException {
    ConsoleOptions hiding = ConsoleNode.ON.withPayloads(false);
    try (ConsoleNode node =
            new ConsoleNode(TestNode.PARTS.withConsole(hiding), KEEPS, ConsoleNode.OTHER);
        RawSocket socket = node.connect()) {
      socket.subscribePresence(
          ConsoleNode.APP,
          "presence-cache-a",
          "{\"user_id\":\"7\",\"user_info\":{\"a\":\"hush\"}}");
      socket.nextTextContaining("subscription_succeeded");
      node.api().publish("presence-cache-a", "e", "hush");
      JsonNode channel = node.get("/channels/presence-cache-a", "");
      assertThat(channel.toString()).contains("\"cached\"", "\"kept\"").doesNotContain("hush");
    }
  }

  @Test
  void dataOfEncryptedChannelsIsNeverShown() throws IOException {
    try (ConsoleNode node =
        new ConsoleNode(TestNode.PARTS.withConsole(ConsoleNode.ON), KEEPS, ConsoleNode.OTHER)) {
      String data = "{\\\"nonce\\\":\\\"n\\\",\\\"ciphertext\\\":\\\"hush\\\"}";
      node.api().publish("private-encrypted-a", "e", data);
      JsonNode kept = node.get("/channels/private-encrypted-a", "").get("kept").get(0);
      assertThat(kept.get("encrypted").asBoolean()).isTrue();
      assertThat(kept.has("data")).isFalse();
    }
  }
}
