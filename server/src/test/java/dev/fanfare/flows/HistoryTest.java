package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Channels that a rule covers keep their events, and replay the last of them to new subscribers.
@Tag("one-node")
final class HistoryTest {

  private static final HistoryRule REWIND =
      HistoryRule.DEFAULTS
          .withReplay(HistoryRule.Replay.REWIND)
          .withResumeSeconds(0)
          .withKeepEvents(5)
          .withRewindEvents(3);

  private static final App APP =
      PlainApp.APP
          .withOptions(PlainApp.APP.options().withClientEvents(true))
          .withHistory(
              List.of(
                  REWIND.withChannels(prefix("feed-")),
                  REWIND.withChannels(prefix("private-cache-")),
                  REWIND.withChannels(prefix("private-")).withClientEvents(true),
                  REWIND.withChannels(prefix("presence-")).withEventIds(false),
                  REWIND.withChannels(prefix("cache-")),
                  REWIND.withChannels(prefix("silent-")).withReplay(Replay.NONE)));

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    node = TestNode.start(clock, APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private static ChannelFilter prefix(String prefix) {
    return ChannelFilter.ALL.withPrefix(prefix);
  }

  private static App withRules(HistoryRule... rules) {
    return APP.withHistory(List.of(rules));
  }

  /// Publishes an event and returns its id.
  private String publish(String channel, String data) throws IOException {
    String id = KeptEvents.publish(api, channel, data, "");
    assertThat(id).matches("[0-9]{13}-[0-9]+");
    return id;
  }

  /// Subscribes, and is replayed these messages only.
  private void expectReplay(String channel, String... messages) throws IOException {
    try (RawSocket socket = node.connect()) {
      socket.subscribe(channel);
      expectSuccess(socket, channel);
      for (String message : messages) {
        assertThat(socket.nextText()).isEqualTo(message);
      }
      socket.expectNothing();
    }
  }

  private static void expectSuccess(RawSocket socket, String channel) throws IOException {
    assertThat(socket.nextText())
        .isEqualTo(
            "{\"event\":\"pusher_internal:subscription_succeeded\",\"channel\":\"%s\",\"data\":\"{}\"}"
                .formatted(channel));
  }

  @Test
  void theLastEventsFollowTheSuccessAndLiveOnesFollowThem() throws IOException {
    List<String> expected = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      expected.add(event("feed-a", "" + i, publish("feed-a", "" + i)));
    }
    try (RawSocket socket = node.connect()) {
      socket.subscribe("feed-a");
      expectSuccess(socket, "feed-a");
      for (String each : expected.subList(1, 4)) {
        assertThat(socket.nextText()).isEqualTo(each);
      }
      String id = publish("feed-a", "5");
      assertThat(socket.nextText()).isEqualTo(event("feed-a", "5", id));
      socket.unsubscribe("feed-a");
      socket.subscribe("feed-a");
      expectSuccess(socket, "feed-a");
      assertThat(socket.nextText()).isEqualTo(expected.get(2));
      assertThat(socket.nextText()).isEqualTo(expected.get(3));
      assertThat(socket.nextText()).isEqualTo(event("feed-a", "5", id));
      socket.expectNothing();
    }
  }

  @Test
  void idsAscend() throws IOException {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ids.add(publish("feed-a", "" + i));
    }
    assertThat(ids)
        .doesNotHaveDuplicates()
        .isSortedAccordingTo((one, other) -> {
          String[] a = one.split("-", 2);
          String[] b = other.split("-", 2);
          int byMs = Long.compare(Long.parseLong(a[0]), Long.parseLong(b[0]));
          return byMs != 0 ? byMs : Long.compare(Long.parseLong(a[1]), Long.parseLong(b[1]));
        });
  }

  @Test
  void aChannelThatNoRuleCoversIsAsBefore() throws IOException {
    try (RawSocket socket = node.connect()) {
      assertThat(
              api.post(
                      "/events",
                      "{\"name\":\"e\",\"channel\":\"other\",\"data\":\"1\",\"info\":\"id\"}")
                  .body())
          .isEqualTo("{\"channels\":{\"other\":{}}}");
      socket.subscribe("other");
      expectSuccess(socket, "other");
      api.publish("other", "e", "2");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"other\",\"data\":\"2\"}");
      assertThat(api.get("/channels/other/events", "").statusCode()).isEqualTo(404);
      assertThat(api.get("/channels/other/events", "").body())
          .isEqualTo("No history rule covers channel other\n");
      assertThat(api.get("/channels/other", "info=history").body())
          .isEqualTo("{\"occupied\":true}");
    }
  }

  @Test
  void anAppWithoutRulesKnowsNoHistory() throws IOException {
    node.server().reload(List.of(PlainApp.APP));
    assertThat(
            api.post("/events", "{\"name\":\"e\",\"channel\":\"a\",\"data\":\"1\",\"info\":\"id\"}")
                .body())
        .isEqualTo(
            "info should be a comma separated list of attributes: 'id' is not one of user_count,"
                + " subscription_count\n");
    assertThat(api.get("/channels/a", "info=history").body())
        .isEqualTo(
            "info should be a comma separated list of attributes: 'history' is not one of"
                + " user_count, subscription_count, cache\n");
  }

  @Test
  void aBatchIsAnsweredWithTheIdOfEachEventThatIsKept() throws IOException {
    String body =
        api.post(
                "/batch_events",
                """
                {"batch":[
                  {"name":"e","channel":"feed-a","data":"1","info":"id"},
                  {"name":"e","channel":"other","data":"2","info":"id"},
                  {"name":"e","channel":"feed-b","data":"3"}]}
                """)
            .body();
    assertThat(body).matches("\\{\"batch\":\\[\\{\"id\":\"[0-9]{13}-[0-9]+\"},\\{},\\{}]}");
  }

  @Test
  void oldEventsAreDropped() throws IOException {
    publish("feed-a", "1");
    clock.advance(Duration.ofSeconds(599));
    String second = publish("feed-a", "2");
    clock.advance(Duration.ofSeconds(1));
    expectReplay("feed-a", event("feed-a", "2", second));
    assertThat(node.server().ledger().history().used()).isPositive();
    clock.advance(Duration.ofSeconds(700));
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(() -> assertThat(node.server().ledger().history().used()).isZero());
  }

  @Test
  void aRuleLimitsTheAgeOfWhatIsReplayed() throws IOException {
    node.server().reload(List.of(withRules(REWIND.withRewindSeconds(10))));
    publish("feed-a", "1");
    clock.advance(Duration.ofSeconds(5));
    String second = publish("feed-a", "2");
    clock.advance(Duration.ofSeconds(5));
    expectReplay("feed-a", event("feed-a", "2", second));
  }

  @Test
  void aRuleWithoutReplayKeepsForTheApiOnly() throws IOException {
    String id = publish("silent-a", "1");
    expectReplay("silent-a");
    assertThat(api.get("/channels/silent-a/events", "").body()).contains(id);
  }

  @Test
  void clientEventsAreKeptIfTheRuleSaysSo() throws IOException {
    try (RawSocket sender = node.connect();
        RawSocket late = node.connect()) {
      sender.subscribePrivate(APP, "private-a");
      expectSuccess(sender, "private-a");
      sender.trigger("private-a", "client-typing", "{}");
      sender.expectNothing(); // and the event is published
      late.subscribePrivate(APP, "private-a");
      expectSuccess(late, "private-a");
      assertThat(late.nextText())
          .matches(
              "\\{\"event\":\"client-typing\",\"channel\":\"private-a\",\"data\":\"\\{}\",\"id\":\"[0-9-]+\"}");
      assertThat(api.get("/channels/private-a/events", "").body())
          .contains("\"name\":\"client-typing\"")
          .contains("\"origin\":\"client\"");
      sender.expectNothing();
    }
  }

  @Test
  void aSocketThatIsExcludedGetsAnEventNeitherLiveNorLater() throws IOException {
    try (RawSocket socket = node.connect()) {
      api.post(
          "/events",
          "{\"name\":\"e\",\"channel\":\"feed-a\",\"data\":\"1\",\"socket_id\":\"%s\"}"
              .formatted(socket.socketId()));
      String second = publish("feed-a", "2");
      socket.subscribe("feed-a");
      expectSuccess(socket, "feed-a");
      assertThat(socket.nextText()).isEqualTo(event("feed-a", "2", second));
      socket.expectNothing();
    }
  }

  @Test
  void aServerMayAskForLessThanTheRuleAllows() throws IOException {
    publish("private-a", "1");
    publish("private-a", "2");
    clock.advance(Duration.ofMinutes(2));
    String third = publish("private-a", "3");
    for (String data : List.of("{\"rewind\":\"1\"}", "{\"rewind\":\"2m\"}")) {
      try (RawSocket socket = node.connect()) {
        socket.subscribePresence(APP, "private-a", data);
        expectSuccess(socket, "private-a");
        assertThat(socket.nextText()).isEqualTo(event("private-a", "3", third));
        socket.expectNothing();
      }
    }
    try (RawSocket socket = node.connect()) {
      socket.subscribePresence(APP, "private-a", "{\"rewind\":\"0\"}");
      expectSuccess(socket, "private-a");
      socket.expectNothing();
    }
  }

  @Test
  void presenceMembersGetWhatIsKeptAndEventsWithoutIdsIfTheRuleSaysSo() throws IOException {
    api.publish("presence-a", "e", "1");
    try (RawSocket socket = node.connect();
        RawSocket second = node.connect()) {
      socket.subscribePresence(APP, "presence-a", "{\"user_id\":\"7\",\"rewind\":\"5\"}");
      assertThat(socket.nextText()).contains("subscription_succeeded");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"presence-a\",\"data\":\"1\"}");
      second.subscribePresence(APP, "presence-a", "{\"user_id\":\"8\"}");
      assertThat(second.nextText()).contains("subscription_succeeded");
      assertThat(second.nextText()).contains("\"data\":\"1\"");
      assertThat(socket.nextText()).contains("member_added");
      second.expectNothing();
    }
  }

  @Test
  void aCacheChannelSendsItsLastEventOnce() throws IOException {
    try (RawSocket early = node.connect();
        RawSocket late = node.connect()) {
      early.subscribe("cache-a");
      expectSuccess(early, "cache-a");
      assertThat(early.nextText()).contains("pusher:cache_miss");
      String first = publish("cache-a", "1");
      String second = publish("cache-a", "2");
      late.subscribe("cache-a");
      expectSuccess(late, "cache-a");
      assertThat(late.nextText()).isEqualTo(event("cache-a", "1", first));
      assertThat(late.nextText()).isEqualTo(event("cache-a", "2", second));
      late.expectNothing();
    }
  }

  @Test
  void aReloadAppliesRules() throws IOException {
    publish("feed-a", "1");
    String second = publish("feed-a", "2");
    node.server().reload(List.of(withRules(REWIND.withRewindEvents(1))));
    try (RawSocket socket = node.connect()) {
      socket.subscribe("feed-a");
      expectSuccess(socket, "feed-a");
      assertThat(socket.nextText()).isEqualTo(event("feed-a", "2", second));
      node.server().reload(List.of(PlainApp.APP));
      api.publish("feed-a", "e", "3");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"e\",\"channel\":\"feed-a\",\"data\":\"3\"}");
      socket.unsubscribe("feed-a");
      socket.subscribe("feed-a");
      expectSuccess(socket, "feed-a");
      socket.expectNothing();
    }
    assertThat(node.server().ledger().history().used()).isZero();
  }

  @Test
  void whatIsKeptIsReadInPages() throws IOException {
    String empty = api.get("/channels/feed-a/events", "").body();
    assertThat(empty).isEqualTo("{\"events\":[],\"complete\":true}");
    List<String> ids = new ArrayList<>();
    for (int i = 1; i <= 6; i++) {
      ids.add(publish("feed-a", "" + i));
    }
    assertThat(api.get("/channels/feed-a/events", "limit=2").body())
        .isEqualTo(page(false, ids.get(4), entry(ids, 6), entry(ids, 5)));
    assertThat(api.get("/channels/feed-a/events", "limit=2&before=" + ids.get(2)).body())
        .isEqualTo(page(false, null, entry(ids, 2)));
    assertThat(
            api.get("/channels/feed-a/events", "direction=forwards&limit=2&after=" + ids.get(1))
                .body())
        .isEqualTo(page(true, ids.get(3), entry(ids, 3), entry(ids, 4)));
    assertThat(api.get("/channels/feed-a/events", "direction=forwards&after=" + ids.get(0)).body())
        .startsWith("{\"events\":[" + entry(ids, 2))
        .endsWith("\"complete\":true}");
    assertThat(api.get("/channels/feed-a/events", "direction=forwards&after=1-0").body())
        .endsWith("\"complete\":false}");
    assertThat(api.get("/channels/feed-a", "info=history").body())
        .isEqualTo(
            "{\"occupied\":false,\"history\":"
                + page(
                    false,
                    null,
                    entry(ids, 6),
                    entry(ids, 5),
                    entry(ids, 4),
                    entry(ids, 3),
                    entry(ids, 2))
                + "}");
  }

  private static String entry(List<String> ids, int number) {
    String id = ids.get(number - 1);
    return "{\"id\":\"%s\",\"name\":\"e\",\"data\":\"%s\",\"time_ms\":%s}"
        .formatted(id, number, id.substring(0, id.indexOf('-')));
  }

  private static String page(boolean isComplete, @Nullable String next, String... entries) {
    return "{\"events\":["
        + String.join(",", entries)
        + "],\"complete\":"
        + isComplete
        + (next == null ? "" : ",\"next\":\"" + next + "\"")
        + "}";
  }

  @Test
  void aPageWithWrongParametersIsRefused() throws IOException {
    assertThat(refusal("limit=0")).isEqualTo("400 limit is '0', but must be 1 to 1000\n");
    assertThat(refusal("limit=1001")).isEqualTo("400 limit is '1001', but must be 1 to 1000\n");
    assertThat(refusal("limit=-5")).isEqualTo("400 limit is '-5', but must be 1 to 1000\n");
    assertThat(refusal("direction=up"))
        .isEqualTo("400 direction is 'up', but must be backwards or forwards\n");
    assertThat(refusal("after=7"))
        .isEqualTo("400 after is '7', but an event id looks like 1764270000123-0\n");
    assertThat(refusal("before=x-1"))
        .isEqualTo("400 before is 'x-1', but an event id looks like 1764270000123-0\n");
  }

  private String refusal(String query) throws IOException {
    var response = api.get("/channels/feed-a/events", query);
    return response.statusCode() + " " + response.body();
  }
}
