package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is shut down leaves to the next one the events and positions that it has in
/// memory.
@Tag("one-node")
final class OrderlyRestartTest {

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS.withKeepSeconds(200).withResumeSeconds(60);

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule(RULE.withStore(Store.DISK), "disk-"),
              rule(RULE.withReplay(HistoryRule.Replay.REWIND).withRewindEvents(2), "cache-"),
              rule(RULE.withKeepEvents(2), "short-"),
              rule(RULE, "feed-")));

  private static final InstantSource REAL = InstantSource.system();

  @TempDir private Path folder;

  /// How much later it is for the server, by the time that it was away.
  private final AtomicLong aheadMs = new AtomicLong();

  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  private static HistoryRule rule(HistoryRule rule, String prefix) {
    return rule.withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  @BeforeEach
  void start() {
    start(APP);
  }

  private void start(App app) {
    node =
        TestNode.start(
            TestNode.PARTS.withHistory(HistoryOptions.DEFAULTS.withDataDir(folder.toString())),
            new FanfareServer.Clocks(clock, () -> REAL.instant().plusMillis(aheadMs.get())),
            ServerListener.NONE,
            app);
    api = new Api(node);
  }

  @AfterEach
  void stop() {
    api.close();
    node.close();
  }

  private void restart(long awayMs) {
    stop();
    aheadMs.addAndGet(awayMs);
    start();
  }

  private Path file() {
    return folder.resolve("history").resolve("restart");
  }

  private RawSocket tagged(String tag) throws IOException {
    return RawSocket.established(node.port(), APP.key() + "/" + tag);
  }

  private List<String> publish(String channel, int from, int through) throws IOException {
    List<String> events = new ArrayList<>();
    for (int i = from; i <= through; i++) {
      events.add(event(channel, "" + i, KeptEvents.publish(api, channel, "" + i, "")));
    }
    return events;
  }

  private void expect(RawSocket socket, List<String> events) throws IOException {
    KeptEvents.expect(socket, events, clock);
  }

  private String page(String channel) throws IOException {
    return api.get("/channels/" + channel + "/events", "direction=forwards").body();
  }

  @Test
  void aClientGoesOnWhereItWas() throws IOException {
    for (String channel : List.of("feed-a", "disk-a")) {
      RawSocket phone = tagged("phone");
      subscribe(phone, channel);
      expect(phone, publish(channel, 1, 2));
      confirm(phone);
      List<String> unconfirmed = publish(channel, 3, 3);
      expect(phone, unconfirmed);
      phone.close();
      List<String> missed = publish(channel, 4, 5);
      String page = page(channel);
      restart(30_000);
      assertThat(page(channel)).isEqualTo(page).contains("\"complete\":true");
      try (RawSocket back = tagged("phone")) {
        subscribe(back, channel);
        expect(back, unconfirmed);
        expect(back, missed);
        List<String> live = publish(channel, 6, 6);
        expect(back, live);
        confirm(back);
      }
    }
  }

  @Test
  void nothingIsLostOverSeveralRestarts() throws IOException {
    RawSocket phone = tagged("phone");
    subscribe(phone, "feed-a");
    phone.close();
    List<String> missed = new ArrayList<>();
    for (int i = 1; i <= 3; i++) {
      missed.addAll(publish("feed-a", i, i));
      restart(10_000);
    }
    try (RawSocket back = tagged("phone")) {
      subscribe(back, "feed-a");
      expect(back, missed);
      back.expectNothing();
    }
  }

  @Test
  void aClientThatIsLateIsNew() throws IOException {
    RawSocket phone = tagged("phone");
    subscribe(phone, "feed-a");
    phone.close();
    publish("feed-a", 1, 1);
    restart(61_000);
    try (RawSocket back = tagged("phone")) {
      subscribe(back, "feed-a");
      back.expectNothing();
    }
    assertThat(page("feed-a")).contains("\"data\":\"1\"");
    restart(200_000);
    assertThat(page("feed-a")).startsWith("{\"events\":[],");
  }

  @Test
  void whatAClientCannotGetIsStillReported() throws IOException {
    RawSocket phone = tagged("phone");
    subscribe(phone, "short-a");
    expect(phone, publish("short-a", 1, 1));
    confirm(phone);
    phone.close();
    List<String> missed = publish("short-a", 2, 5);
    restart(1_000);
    try (RawSocket back = tagged("phone")) {
      subscribe(back, "short-a");
      assertThat(back.nextText()).contains("fanfare:gap").contains("expired");
      expect(back, missed.subList(2, 4));
    }
  }

  @Test
  void anEventThatExcludedTheClientIsNotReplayedToItEitherAfterARestart() throws IOException {
    RawSocket phone = tagged("phone");
    String socketId = phone.socketId();
    subscribe(phone, "feed-a");
    phone.close();
    assertThat(
            api.post(
                    "/events",
                    "{\"name\":\"e\",\"channel\":\"feed-a\",\"data\":\"own\",\"socket_id\":\"%s\"}"
                        .formatted(socketId))
                .statusCode())
        .isEqualTo(200);
    List<String> missed = publish("feed-a", 1, 1);
    restart(1_000);
    try (RawSocket back = tagged("phone")) {
      subscribe(back, "feed-a");
      expect(back, missed);
      back.expectNothing();
    }
  }

  @Test
  void aCacheChannelHasItsEvent() throws IOException {
    List<String> events = publish("cache-a", 1, 3);
    restart(1_000);
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "cache-a");
      expect(socket, events.subList(1, 3));
      socket.expectNothing();
    }
    assertThat(api.get("/channels/cache-a", "info=cache").body()).contains("\"data\":\"3\"");
  }

  @Test
  void theFileIsForThisUserOnlyAndReadOnce() throws IOException {
    publish("feed-a", 1, 1);
    stop();
    assertThat(Files.getPosixFilePermissions(file()))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    start();
    assertThat(file()).doesNotExist();
    assertThat(page("feed-a")).contains("\"data\":\"1\"");
  }

  @Test
  void aDamagedFileIsMovedAsideAndTheServerStarts() throws IOException {
    RawSocket phone = tagged("phone");
    subscribe(phone, "feed-a");
    phone.close();
    publish("feed-a", 1, 1);
    stop();
    Files.write(file(), new byte[] {1}, StandardOpenOption.APPEND);
    start();
    assertThat(file()).doesNotExist();
    assertThat(folder.resolve("history").resolve("restart.damaged")).exists();
    assertThat(page("feed-a")).startsWith("{\"events\":[],");
    try (RawSocket back = tagged("phone")) {
      subscribe(back, "feed-a");
      expect(back, publish("feed-a", 2, 2));
    }
  }

  @Test
  void withoutARuleThereIsNoFolder() throws IOException {
    stop();
    Path empty = Files.createDirectory(folder.resolve("empty"));
    try (TestNode other =
            TestNode.start(
                TestNode.PARTS.withHistory(HistoryOptions.DEFAULTS.withDataDir(empty.toString())),
                clock.withSystemTime(),
                ServerListener.NONE,
                PlainApp.APP);
        RawSocket socket = other.connect()) {
      subscribe(socket, "feed-a");
    }
    try (var files = Files.list(empty)) {
      assertThat(files).isEmpty();
    }
    start();
  }

  @Test
  void withoutItsRuleNothingComesBack() throws IOException {
    publish("feed-a", 1, 1);
    stop();
    start(APP.withHistory(List.of(rule(RULE, "other-"))));
    assertThat(api.get("/channels/feed-a/events", "").statusCode()).isEqualTo(404);
    stop();
    start();
    assertThat(page("feed-a")).startsWith("{\"events\":[],");
  }
}
