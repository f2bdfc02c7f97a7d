package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What was purged stays gone after a restart and after a crash.
@Tag("one-node")
final class DiskPurgeTest {

  private static final HistoryRule DISK = HistoryRule.DEFAULTS.withStore(Store.DISK);

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              DISK.withReplay(Replay.MAILBOX)
                  .withChannels(ChannelFilter.ALL.withPrefix("box-user-")),
              DISK.withReplay(Replay.MAILBOX).withChannels(ChannelFilter.ALL.withPrefix("box-")),
              DISK.withReplay(Replay.REWIND)
                  .withRewindEvents(100)
                  .withChannels(ChannelFilter.ALL.withPrefix("feed-"))));

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  @BeforeEach
  void start() {
    start(folder, LedgerOptions.DERIVED);
  }

  private void start(Path dataDir, LedgerOptions ledger) {
    PartOptions options =
        TestNode.PARTS
            .withLedger(ledger)
            .withHistory(HistoryOptions.DEFAULTS.withDataDir(dataDir.toString()));
    FanfareServer.Clocks clocks = clock.withSystemTime();
    node = TestNode.start(options, clocks, ServerListener.NONE, APP);
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

  private void publish(String channel, int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      api.publish(channel, "e", "" + i);
    }
  }

  private String delete(String path) throws IOException {
    return api.send("DELETE", "/apps/" + APP.id() + path, "", "").body();
  }

  private RawSocket subscribed(String tag, String channel) throws IOException {
    RawSocket socket = RawSocket.established(node.port(), APP.key() + "/" + tag);
    subscribe(socket, channel);
    return socket;
  }

  private static void expect(RawSocket socket, int first, int last) throws IOException {
    for (int i = first; i <= last; i++) {
      assertThat(socket.nextText()).contains("\"data\":\"" + i + "\"");
    }
  }

  @Test
  void whatWasPurgedIsGoneAfterARestart() throws IOException {
    publish("feed-a", 1, 3);
    restart(); // these are in the files only
    publish("feed-a", 4, 5);
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":5}");
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":0}");
    publish("feed-a", 6, 6);
    for (int i = 0; i < 2; i++) {
      // Another client each time: it gets all that is kept, and then live events.
      try (RawSocket socket = subscribed("a" + i, "feed-a")) {
        expect(socket, 6, 6 + i);
        publish("feed-a", 7 + i, 7 + i);
        expect(socket, 7 + i, 7 + i);
      }
      assertThat(api.get("/channels/feed-a/events", "").body())
          .contains("\"data\":\"6\"", "\"complete\":true")
          .doesNotContain("\"data\":\"5\"");
      restart();
    }
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":3}");
  }

  @Test
  void eventsThatAreNotInMemoryAreCountedToo() throws IOException {
    stop();
    start(folder, new LedgerOptions(0, 0, 0, 0, 1)); // nothing is kept in memory
    publish("feed-a", 1, 40);
    publish("feed-b", 1, 2);
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":40}");
    publish("feed-a", 41, 42);
    try (RawSocket socket = subscribed("a", "feed-a")) {
      expect(socket, 41, 42);
      publish("feed-a", 43, 43);
      expect(socket, 43, 43);
    }
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":3}");
    assertThat(delete("/channels/feed-b/events")).isEqualTo("{\"purged\":2}");
  }

  @Test
  void anAnsweredPurgeSurvivesACrash(@TempDir Path copy) throws IOException {
    publish("feed-a", 1, 3);
    assertThat(delete("/channels/feed-a/events")).isEqualTo("{\"purged\":3}");
    copy(folder, copy); // as a killed process leaves them
    stop();
    start(copy, LedgerOptions.DERIVED);
    assertThat(api.get("/channels/feed-a/events", "").body())
        .isEqualTo("{\"events\":[],\"complete\":true}");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path path : all.toList()) {
        Path target = to.resolve(from.relativize(path));
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  @Test
  void aDeviceOfAPurgedMailboxMissesNothingThatComesLater() throws IOException {
    publish("box-a", 1, 2);
    try (RawSocket phone = subscribed("phone", "box-a")) {
      expect(phone, 1, 2);
      confirm(phone);
    }
    publish("box-a", 3, 4);
    assertThat(delete("/channels/box-a/events")).isEqualTo("{\"purged\":4}");
    publish("box-a", 5, 6);
    restart();
    try (RawSocket phone = subscribed("phone", "box-a")) {
      expect(phone, 5, 6);
      confirm(phone);
    }
    try (RawSocket phone = subscribed("phone", "box-a")) {
      publish("box-a", 7, 7);
      expect(phone, 7, 7);
    }
  }

  @Test
  void whatIsKnownOfAUserIsPurged() throws IOException {
    publish("box-user-7", 1, 2);
    publish("box-user-8", 1, 1);
    try (RawSocket phone = subscribed("phone", "box-user-7")) {
      expect(phone, 1, 2);
      confirm(phone);
    }
    assertThat(delete("/users/7/events")).isEqualTo("{\"purged\":2}");
    publish("box-user-7", 3, 3);
    restart();
    try (RawSocket phone = subscribed("phone", "box-user-7");
        RawSocket other = subscribed("phone", "box-user-8")) {
      expect(phone, 3, 3);
      expect(other, 1, 1);
    }
    assertThat(api.get("/channels/box-user-7/events", "").body()).doesNotContain("\"1\"");
  }
}
