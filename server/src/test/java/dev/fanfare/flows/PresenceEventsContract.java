package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.EngineNodes;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Joins and leaves that two processes keep together in a real engine.
abstract class PresenceEventsContract {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String ROOM = "presence-room";

  private static final Map<String, String> RULES =
      Map.ofEntries(
          Map.entry("FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "presence-"),
          Map.entry("FANFARE_APP_HISTORY_0_PRESENCE_EVENTS", "true"),
          Map.entry("FANFARE_CLUSTER_LEASE_SECONDS", "3"));

  /// Starts the engine and two nodes.
  abstract EngineNodes start(Map<String, String> variables) throws IOException;

  private static RawSocket join(EngineNodes nodes, int node, String channel, String userId)
      throws IOException {
    RawSocket socket = RawSocket.established(nodes.node(node).port(), APP.key());
    socket.patience(PATIENCE);
    socket.subscribePresence(APP, channel, "{\"user_id\":\"" + userId + "\"}");
    socket.nextTextContaining("subscription_succeeded");
    return socket;
  }

  private static String page(Api api, String channel) throws IOException {
    return api.get("/channels/" + channel + "/presence_events", "").body();
  }

  /// Waits until both nodes answer so, without what differs from run to run.
  private static void expect(List<Api> apis, String channel, String... events) {
    String expected = "{\"events\":[" + String.join(",", events) + "],\"complete\":true}";
    for (Api api : apis) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(
                      page(api, channel)
                          .replaceAll("\"id\":\"[0-9]{13,}-[0-9]+\",", "")
                          .replaceAll(",\"time_ms\":[0-9]{13}", ""))
                  .isEqualTo(expected));
    }
  }

  private static String joined(String userId) {
    return "{\"action\":\"joined\",\"user_id\":\"" + userId + "\"}";
  }

  private static String left(String userId, String cause) {
    return "{\"action\":\"left\",\"cause\":\"" + cause + "\",\"user_id\":\"" + userId + "\"}";
  }

  private static String delete(Api api, String path) throws IOException {
    return api.send("DELETE", "/apps/" + APP.id() + path, "", "").body();
  }

  /// One story, because processes start slowly.
  @Test
  void usersOfTwoNodesJoinAndLeave() throws IOException {
    try (EngineNodes nodes = start(RULES);
        Api a = new Api(nodes.node(0).port(), APP);
        Api b = new Api(nodes.node(1).port(), APP)) {
      List<Api> both = List.of(a, b);
      expect(both, ROOM);

      RawSocket phone = join(nodes, 0, ROOM, "7");
      expect(both, ROOM, joined("7"));
      try (RawSocket tablet = join(nodes, 1, ROOM, "7")) {
        try (RawSocket later = join(nodes, 1, ROOM, "6")) {
          expect(both, ROOM, joined("6"), joined("7")); // so the tablet is known, too
          later.sendClose(1000, "bye");
        }
        expect(both, ROOM, left("6", "closed"), joined("6"), joined("7"));
        assertThat(delete(b, "/channels/" + ROOM + "/events")).isEqualTo("{\"purged\":3}");
        phone.close();
        try (RawSocket guest = join(nodes, 0, ROOM, "8")) { // written after that
          expect(both, ROOM, joined("8"));
          assertThat(page(b, ROOM))
              .matches(
                  "\\{\"events\":\\["
                      + "\\{\"id\":\"\\d{13}-\\d+\",\"action\":\"joined\",\"user_id\":\"8\","
                      + "\"time_ms\":\\d{13}}],\"complete\":true}");
          guest.sendClose(1000, "bye");
        }
        expect(both, ROOM, left("8", "closed"), joined("8"));
        tablet.signIn(APP, "{\"id\":\"7\"}");
        tablet.nextTextContaining("signin_success");
        assertThat(a.post("/users/7/terminate_connections", "{}").body()).isEqualTo("{}");
        assertThat(tablet.nextClose().closeCode()).isEqualTo(4009);
      }
      expect(both, ROOM, left("7", "terminated"), left("8", "closed"), joined("8"));

      assertThat(delete(b, "/channels/" + ROOM + "/events")).isEqualTo("{\"purged\":3}");
      expect(both, ROOM);

      try (RawSocket _ = join(nodes, 0, ROOM, "1");
          RawSocket _ = join(nodes, 1, ROOM, "1");
          RawSocket _ = join(nodes, 0, "presence-empty", "1");
          RawSocket _ = join(nodes, 0, ROOM, "2")) {
        expect(both, ROOM, joined("2"), joined("1"));
        expect(both, "presence-empty", joined("1"));
        nodes.signal(0, "KILL");
        expect(List.of(b), ROOM, left("2", "node_lost"), joined("2"), joined("1"));
        expect(List.of(b), "presence-empty", left("1", "node_lost"), joined("1"));
      }
      expect(
          List.of(b), ROOM, left("1", "closed"), left("2", "node_lost"), joined("2"), joined("1"));
      assertThat(delete(b, "/users/1/events")).isEqualTo("{\"purged\":0}");
      expect(List.of(b), ROOM, left("2", "node_lost"), joined("2"));
      expect(List.of(b), "presence-empty");
    }
  }
}
