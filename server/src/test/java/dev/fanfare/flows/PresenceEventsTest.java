package dev.fanfare.flows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Presence channels under a rule with `presence_events` keep who joined and left.
@Tag("one-node")
final class PresenceEventsTest {

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withPresenceEvents(true).withKeepEvents(5).withKeepSeconds(200);

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule(RULE.withStore(Store.DISK), "presence-disk-"),
              rule(RULE.withPresenceEvents(false), "presence-plain-"),
              rule(RULE, "presence-memory-"),
              rule(RULE, "presence-cache-")));

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  private static HistoryRule rule(HistoryRule rule, String prefix) {
    return rule.withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  @BeforeEach
  void start() {
    start(folder);
  }

  private void start(Path dataDir) {
    FanfareServer.Clocks clocks = clock.withSystemTime();
    node =
        TestNode.start(
            TestNode.PARTS.withHistory(HistoryOptions.DEFAULTS.withDataDir(dataDir.toString())),
            clocks,
            ServerListener.NONE,
            APP);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private void restart() {
    stop();
    start();
  }

  private static void join(RawSocket socket, String channel, String userId) throws IOException {
    socket.subscribePresence(APP, channel, "{\"user_id\":\"" + userId + "\"}");
    socket.nextTextContaining("subscription_succeeded");
  }

  private static void leave(RawSocket socket, String channel) throws IOException {
    socket.unsubscribe(channel);
    socket.sendText("{\"event\":\"pusher:ping\",\"data\":{}}");
    socket.nextTextContaining("pusher:pong");
  }

  /// A user comes and goes.
  private void visit(String channel, String... userIds) throws IOException {
    for (String userId : userIds) {
      try (RawSocket socket = node.connect()) {
        join(socket, channel, userId);
        leave(socket, channel);
      }
    }
  }

  private String page(String channel, String query) throws IOException {
    return api.get("/channels/" + channel + "/presence_events", query).body();
  }

  /// Without what differs from run to run.
  private String events(String channel, String query) throws IOException {
    return page(channel, query)
        .replaceAll("\"id\":\"[0-9]{13,}-[0-9]+\",", "")
        .replaceAll(",\"time_ms\":[0-9]{13}", "");
  }

  private static String joined(String userId) {
    return "{\"action\":\"joined\",\"user_id\":\"" + userId + "\"}";
  }

  private static String left(String userId, String cause) {
    return "{\"action\":\"left\",\"cause\":\"" + cause + "\",\"user_id\":\"" + userId + "\"}";
  }

  private static String all(String... events) {
    return "{\"events\":[" + String.join(",", events) + "],\"complete\":true}";
  }

  private String delete(String path) throws IOException {
    return api.send("DELETE", "/apps/" + APP.id() + path, "", "").body();
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence-memory-a", "presence-disk-a"})
  void theFirstConnectionOfAUserJoinsAndTheLastOneLeaves(String channel) throws IOException {
    assertThat(page(channel, "")).isEqualTo("{\"events\":[],\"complete\":true}");
    try (RawSocket phone = node.connect();
        RawSocket tablet = node.connect()) {
      join(phone, channel, "7");
      join(tablet, channel, "7");
      leave(phone, channel);
      assertThat(events(channel, "")).isEqualTo(all(joined("7")));
      leave(tablet, channel);
    }
    assertThat(page(channel, ""))
        .matches(
            "\\{\"events\":\\["
                + "\\{\"id\":\"\\d{13}-\\d+\",\"action\":\"left\",\"cause\":\"closed\","
                + "\"user_id\":\"7\",\"time_ms\":\\d{13}},"
                + "\\{\"id\":\"\\d{13}-\\d+\",\"action\":\"joined\","
                + "\"user_id\":\"7\",\"time_ms\":\\d{13}}"
                + "],\"complete\":true}");
    assertThat(api.get("/channels/" + channel + "/events", "").body())
        .isEqualTo("{\"events\":[],\"complete\":true}");
  }

  @Test
  void eachLeaveHasItsCause() throws IOException {
    try (RawSocket closing = node.connect();
        RawSocket terminated = node.connect();
        RawSocket silent = node.connect()) {
      join(closing, "presence-memory-a", "1");
      closing.sendClose(1000, "bye");
      assertThat(closing.nextClose().closeCode()).isEqualTo(1000);
      terminated.signIn(APP, "{\"id\":\"2\"}");
      terminated.nextTextContaining("signin_success");
      join(terminated, "presence-memory-a", "2");
      api.post("/users/2/terminate_connections", "{}");
      assertThat(terminated.nextClose().closeCode()).isEqualTo(4009);
      join(silent, "presence-memory-a", "3");
      clock.advance(Duration.ofMinutes(2));
      assertThat(silent.nextFrame().opcode()).isEqualTo(RawSocket.PING);
      clock.advance(Duration.ofSeconds(30));
      assertThat(silent.nextClose().closeCode()).isEqualTo(4201);
    }
    assertThat(events("presence-memory-a", "direction=forwards"))
        .endsWith(
            String.join(
                    ",",
                    left("1", "closed"),
                    joined("2"),
                    left("2", "terminated"),
                    joined("3"),
                    left("3", "timeout"))
                + "],\"complete\":false}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence-memory-a", "presence-disk-a"})
  void pagesAreThoseOfEvents(String channel) throws IOException {
    visit(channel, "1", "2", "3");
    String first = page(channel, "limit=3&direction=forwards");
    assertThat(first).contains("\"complete\":false,\"next\":\"");
    assertThat(first.split("\"action\"")).hasSize(4);
    String next = first.replaceAll(".*\"next\":\"([^\"]+)\".*", "$1");
    assertThat(events(channel, "direction=forwards&after=" + next))
        .isEqualTo(all(joined("3"), left("3", "closed")));
    assertThat(events(channel, ""))
        .contains("\"complete\":false", left("1", "closed"))
        .doesNotContain(joined("1"));
    assertThat(page(channel, "limit=0")).isEqualTo("limit is '0', but must be 1 to 1000\n");
  }

  /// Both have the limits of the rule for themselves.
  @Test
  void eventsAndVisitsDoNotDisplaceEachOther() throws IOException {
    visit("presence-memory-a", "1", "2");
    for (int i = 0; i < 6; i++) {
      api.publish("presence-memory-a", "e", "" + i);
    }
    visit("presence-memory-a", "3");
    assertThat(events("presence-memory-a", ""))
        .startsWith("{\"events\":[" + left("3", "closed") + "," + joined("3"));
    assertThat(api.get("/channels/presence-memory-a/events", "").body())
        .contains("\"data\":\"1\"", "\"data\":\"5\"")
        .doesNotContain("\"data\":\"0\"", "joined");
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence-memory-a", "presence-disk-a", "presence-cache-a"})
  void visitsSurviveAShutdown(String channel) throws IOException {
    visit(channel, "1");
    api.publish(channel, "e", "kept");
    restart();
    assertThat(events(channel, "")).isEqualTo(all(left("1", "closed"), joined("1")));
    assertThat(api.get("/channels/" + channel + "/events", "").body()).contains("\"kept\"");
    visit(channel, "2");
    restart();
    assertThat(events(channel, ""))
        .isEqualTo(all(left("2", "closed"), joined("2"), left("1", "closed"), joined("1")));
  }

  /// The publish is answered once everything before it is written.
  @Test
  void visitsSurviveACrash(@TempDir Path copy) throws IOException {
    visit("presence-disk-a", "1", "2");
    assertThat(delete("/users/1/events")).isEqualTo("{\"purged\":2}");
    api.publish("presence-disk-a", "e", "1");
    copyFiles(copy); // as a killed process leaves them
    stop();
    start(copy);
    assertThat(events("presence-disk-a", "")).isEqualTo(all(left("2", "closed"), joined("2")));
  }

  private void copyFiles(Path to) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(folder.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  @Test
  void subscribersSeeNothingOfIt() throws IOException {
    try (RawSocket watcher = node.connect();
        RawSocket plain = node.connect()) {
      join(watcher, "presence-memory-a", "w");
      join(plain, "presence-plain-a", "w");
      visit("presence-memory-a", "1");
      visit("presence-plain-a", "1");
      for (String action : List.of("added", "removed")) {
        String expected = plain.nextText();
        assertThat(expected).contains("member_" + action);
        assertThat(watcher.nextText()).isEqualTo(expected.replace("-plain-", "-memory-"));
      }
      watcher.expectNothing();
      plain.expectNothing();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence-memory-a", "presence-disk-a"})
  void aPurgedChannelHasNoVisits(String channel) throws IOException {
    visit(channel, "1");
    api.publish(channel, "e", "1");
    assertThat(delete("/channels/" + channel + "/events")).isEqualTo("{\"purged\":3}");
    assertThat(events(channel, "")).isEqualTo(all());
    visit(channel, "2");
    restart();
    assertThat(events(channel, "")).isEqualTo(all(left("2", "closed"), joined("2")));
    restart();
    assertThat(delete("/channels/" + channel + "/events")).isEqualTo("{\"purged\":2}");
    assertThat(delete("/channels/" + channel + "/events")).isEqualTo("{\"purged\":0}");
    restart();
    assertThat(events(channel, "")).isEqualTo(all());
  }

  @ParameterizedTest
  @ValueSource(strings = {"presence-memory-", "presence-disk-"})
  void aPurgedUserHasNoVisits(String prefix) throws IOException {
    visit(prefix + "a", "1", "2");
    visit(prefix + "b", "1");
    assertThat(delete("/users/1/events")).isEqualTo("{\"purged\":4}");
    assertThat(events(prefix + "a", "")).isEqualTo(all(left("2", "closed"), joined("2")));
    assertThat(events(prefix + "b", "")).isEqualTo(all());
    restart();
    assertThat(events(prefix + "a", "")).isEqualTo(all(left("2", "closed"), joined("2")));
    visit(prefix + "a", "1");
    restart();
    assertThat(events(prefix + "a", ""))
        .isEqualTo(all(left("1", "closed"), joined("1"), left("2", "closed"), joined("2")));
    assertThat(api.post("/users/1/events/purge", "{}").body()).isEqualTo("{\"purged\":2}");
    assertThat(delete("/users/1/events")).isEqualTo("{\"purged\":0}");
    assertThat(events(prefix + "b", "")).isEqualTo(all());
  }

  @Test
  void aReloadThatSwitchesItOffDropsWhatMemoryHas() throws IOException {
    visit("presence-memory-a", "1");
    App without = APP.withHistory(List.of(rule(RULE.withPresenceEvents(false), "presence-")));
    node.server().reload(List.of(without));
    assertThat(page("presence-memory-a", ""))
        .isEqualTo("presence_events is off in the history rule of channel presence-memory-a\n");
    node.server().reload(List.of(APP));
    assertThat(events("presence-memory-a", "")).isEqualTo(all());
  }

  @Test
  void whereNoVisitsAreKeptThereAreNone() throws IOException {
    HttpResponse<String> answer = api.get("/channels/presence-other/presence_events", "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).isEqualTo("No history rule covers channel presence-other\n");
    answer = api.get("/channels/presence-plain-a/presence_events", "");
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body())
        .isEqualTo("presence_events is off in the history rule of channel presence-plain-a\n");
    answer = api.get("/channels/feed-a/presence_events", "");
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo("Users join presence channels only\n");
  }
}
