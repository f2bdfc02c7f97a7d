package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.RawSocket.Frame;
import dev.fanfare.testing.RedisNodes;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two processes that keep events together in a real Redis, which stops answering or loses its
/// data, purges, and a repeated request.
@Tag("one-node")
final class SharedHistoryOutageTest {

  private static final App APP = TestNode.APP;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  @TempDir private Path folder;

  private RedisNodes nodes;
  private Api a;
  private Api b;

  @BeforeEach
  void start() throws IOException {
    nodes =
        RedisNodes.start(
            folder,
            2,
            APP,
            Map.of(
                "FANFARE_APP_HISTORY_0_CHANNELS_PREFIX", "feed-",
                "FANFARE_APP_HISTORY_0_REPLAY", "rewind",
                "FANFARE_APP_HISTORY_1_CHANNELS_PREFIX", "note-",
                "FANFARE_APP_HISTORY_1_RESUME_SECONDS", "600",
                "FANFARE_APP_HISTORY_2_CHANNELS_PREFIX", "#server-to-user-"));
    a = new Api(nodes.node(0).port(), APP);
    b = new Api(nodes.node(1).port(), APP);
  }

  @AfterEach
  void stop() throws IOException {
    a.close();
    b.close();
    nodes.close();
  }

  private RawSocket connect(int node, String tag) throws IOException {
    RawSocket socket =
        RawSocket.established(
            nodes.node(node).port(), tag.isEmpty() ? APP.key() : APP.key() + "/" + tag);
    socket.patience(PATIENCE);
    return socket;
  }

  private static String publish(Api api, String channel, String data) throws IOException {
    return KeptEvents.publish(api, channel, data, "");
  }

  private static String post(Api api, String channel, String data) throws IOException {
    return api.post(
            "/events",
            "{\"name\":\"e\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(channel, data))
        .body();
  }

  private static String unkept(String channel, String data) {
    return "{\"event\":\"e\",\"channel\":\"%s\",\"data\":\"%s\"}".formatted(channel, data);
  }

  private void awaitPosition(String tag, String id) {
    awaitPosition("note-7", tag, id);
  }

  private void awaitPosition(String channel, String tag, String id) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            nodes
                .redis()
                .ask("GET", "fanfare:fanfare:{" + APP.id() + "/" + channel + "}:h:t:" + tag)
                .contains(id));
  }

  private static void confirm(RawSocket socket) throws IOException {
    Frame ping = socket.nextFrame();
    assertThat(ping.opcode()).isEqualTo(RawSocket.PING);
    socket.sendFrame(RawSocket.PONG, true, ping.payload());
  }

  @Test
  void whileRedisDoesNotAnswerClientsGetLiveEvents() throws IOException {
    String one;
    try (RawSocket phone = connect(0, "phone")) {
      KeptEvents.subscribe(phone, "note-7");
      one = publish(a, "note-7", "1");
      assertThat(phone.nextText()).isEqualTo(KeptEvents.event("note-7", "1", one));
      confirm(phone);
      awaitPosition("phone", one);
    }
    try (RawSocket other = connect(0, "")) {
      KeptEvents.subscribe(other, "note-7");
      nodes.redis().process().pause();
      try (RawSocket fresh = connect(0, "fresh");
          RawSocket feed = connect(0, "")) {
        KeptEvents.subscribe(fresh, "note-7");
        assertThat(fresh.nextText()).contains("\"event\":\"fanfare:gap\"").contains("lost");
        KeptEvents.subscribe(feed, "feed-9");
        assertThat(feed.nextText()).contains("\"event\":\"fanfare:gap\"").contains("lost");
        assertThat(post(a, "note-7", "2")).isEqualTo("{}");
        assertThat(fresh.nextText()).isEqualTo(unkept("note-7", "2"));
        assertThat(other.nextText()).isEqualTo(unkept("note-7", "2"));
        assertThat(post(a, "feed-9", "1")).isEqualTo("{}");
        assertThat(feed.nextText()).isEqualTo(unkept("feed-9", "1"));
        for (String query : new String[] {"/channels/note-7/events", "/channels/note-7"}) {
          HttpResponse<String> page = a.get(query, query.endsWith("events") ? "" : "info=history");
          assertThat(page.statusCode()).as(query).isEqualTo(503);
          assertThat(page.headers().firstValue("Retry-After")).contains("1");
        }
        assertThat(a.get("/channels/note-7", "info=subscription_count").statusCode())
            .isEqualTo(200);
        HttpResponse<String> purge = a.post("/channels/note-7/events/purge", "{}");
        assertThat(purge.statusCode()).isEqualTo(503);
        await().atMost(PATIENCE).until(() -> nodes.isHistoryAway(0) && nodes.isHistoryAway(1));
        nodes.redis().process().resume();
        nodes.awaitJoined();
        String three = publish(b, "note-7", "3");
        assertThat(fresh.nextText()).isEqualTo(KeptEvents.event("note-7", "3", three));
        assertThat(other.nextText()).isEqualTo(KeptEvents.event("note-7", "3", three));
        String two = publish(b, "feed-9", "2");
        assertThat(feed.nextText()).isEqualTo(KeptEvents.event("feed-9", "2", two));
      }
    }
    for (int node = 0; node < 2; node++) {
      try (RawSocket phone = connect(node, node == 0 ? "phone" : "~session")) {
        KeptEvents.subscribe(phone, "note-7");
        if (node == 0) {
          assertThat(phone.nextText())
              .contains("\"event\":\"fanfare:gap\"")
              .contains("lost")
              .contains(one);
          assertThat(phone.nextText()).contains("\"data\":\"3\"");
        }
      }
    }
  }

  /// Leaves a client behind that has confirmed an event.
  private String leave(String channel, String tag) throws IOException {
    try (RawSocket socket = connect(0, tag)) {
      KeptEvents.subscribe(socket, channel);
      String id = publish(a, channel, "of " + tag);
      assertThat(socket.nextText()).isEqualTo(KeptEvents.event(channel, "of " + tag, id));
      confirm(socket);
      awaitPosition(channel, tag, id);
      return id;
    }
  }

  @Test
  void aRedisThatLosesItsDataIsNoticed() throws IOException {
    String old = leave("note-8", "phone");
    leave("note-8", "tablet");
    try (RawSocket here = connect(0, "desk");
        RawSocket there = connect(1, "")) {
      KeptEvents.subscribe(here, "note-8");
      KeptEvents.subscribe(there, "note-8");
      nodes.redis().process().kill();
      await().atMost(PATIENCE).until(() -> nodes.isHistoryAway(0) && nodes.isHistoryAway(1));
      nodes.redis().process().restart();
      nodes.awaitJoined();
      String first = publish(b, "note-8", "1");
      assertThat(here.nextText()).isEqualTo(KeptEvents.event("note-8", "1", first));
      assertThat(there.nextText()).isEqualTo(KeptEvents.event("note-8", "1", first));
      confirm(here);
      awaitPosition("note-8", "desk", first);
    }
    String second = publish(a, "note-8", "2");
    try (RawSocket phone = connect(0, "phone")) { // its node still knows the position
      KeptEvents.subscribe(phone, "note-8");
      assertThat(phone.nextText())
          .contains("\"event\":\"fanfare:gap\"")
          .contains("lost")
          .contains(old);
      assertThat(phone.nextText()).contains("\"data\":\"1\"");
      assertThat(phone.nextText()).isEqualTo(KeptEvents.event("note-8", "2", second));
    }
    try (RawSocket desk = connect(1, "desk"); // it has confirmed an event of the new Redis
        RawSocket tablet = connect(1, "tablet")) {
      KeptEvents.subscribe(desk, "note-8");
      assertThat(desk.nextText()).isEqualTo(KeptEvents.event("note-8", "2", second));
      KeptEvents.subscribe(tablet, "note-8"); // no node knows it any longer
      String third = publish(a, "note-8", "3");
      assertThat(tablet.nextText()).isEqualTo(KeptEvents.event("note-8", "3", third));
      assertThat(desk.nextText()).isEqualTo(KeptEvents.event("note-8", "3", third));
    }
    assertThat(b.get("/channels/note-8/events", "").body())
        .contains("\"data\":\"1\"")
        .doesNotContain("of phone");
  }

  @Test
  void aRepeatedRequestIsAnsweredWithTheFirstId() throws IOException {
    try (RawSocket here = connect(0, "");
        RawSocket there = connect(1, "")) {
      KeptEvents.subscribe(here, "note-9");
      KeptEvents.subscribe(there, "note-9");
      String key = ",\"idempotency_key\":\"order-1\"";
      String one = KeptEvents.publish(a, "note-9", "1", key);
      assertThat(KeptEvents.publish(a, "note-9", "1", key)).isEqualTo(one);
      String two = publish(b, "note-9", "2");
      for (RawSocket socket : List.of(here, there)) {
        assertThat(socket.nextText()).isEqualTo(KeptEvents.event("note-9", "1", one));
        assertThat(socket.nextText()).isEqualTo(KeptEvents.event("note-9", "2", two));
      }
    }
    assertThat(b.get("/channels/note-9/events", "").body())
        .containsOnlyOnce("\"data\":\"1\"")
        .containsOnlyOnce("\"data\":\"2\"");
  }

  @Test
  void aPurgeReachesAllNodes() throws IOException {
    try (RawSocket socket = connect(1, "")) {
      KeptEvents.subscribe(socket, "feed-7");
      for (String data : new String[] {"1", "2", "3"}) {
        String id = publish(a, "feed-7", data);
        assertThat(socket.nextText()).isEqualTo(KeptEvents.event("feed-7", data, id));
      }
      assertThat(a.post("/channels/feed-7/events/purge", "{}").body()).isEqualTo("{\"purged\":3}");
      String page = "{\"events\":[],\"complete\":true}";
      assertThat(a.get("/channels/feed-7/events", "").body()).isEqualTo(page);
      assertThat(b.get("/channels/feed-7/events", "").body()).isEqualTo(page);
      String four = publish(b, "feed-7", "4");
      String event = KeptEvents.event("feed-7", "4", four);
      assertThat(socket.nextText()).isEqualTo(event);
      try (RawSocket fresh = connect(1, "")) {
        KeptEvents.subscribe(fresh, "feed-7");
        assertThat(fresh.nextText()).isEqualTo(event);
      }
    }
    assertThat(b.post("/channels/feed-7/events/purge", "{}").body()).isEqualTo("{\"purged\":1}");
    assertThat(b.post("/channels/feed-7/events/purge", "{}").body()).isEqualTo("{\"purged\":0}");
  }

  @Test
  void aUsersChannelIsPurgedOnAllNodes() throws IOException {
    publish(a, "#server-to-user-7", "1");
    publish(b, "#server-to-user-7", "2");
    String path = "/channels/#server-to-user-7/events".replace("#", "%23");
    assertThat(b.get(path, "").body()).contains("\"data\":\"1\"").contains("\"data\":\"2\"");
    assertThat(b.post("/users/7/events/purge", "{}").body()).isEqualTo("{\"purged\":2}");
    assertThat(a.get(path, "").body()).isEqualTo("{\"events\":[],\"complete\":true}");
  }
}
