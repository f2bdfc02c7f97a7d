package dev.fanfare.flows;

import static dev.fanfare.testing.KeptEvents.confirm;
import static dev.fanfare.testing.KeptEvents.event;
import static dev.fanfare.testing.KeptEvents.subscribe;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelFilter;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.HistoryRule.NewReader;
import dev.fanfare.app.HistoryRule.Replay;
import dev.fanfare.app.HistoryRule.Store;
import dev.fanfare.budget.LedgerOptions;
import dev.fanfare.history.HistoryOptions;
import dev.fanfare.node.FanfareServer;
import dev.fanfare.node.PartOptions;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.testing.Api;
import dev.fanfare.testing.KeptEvents;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.RawSocket;
import dev.fanfare.testing.TestNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Channels whose events are in files: what they keep survives the server, and a mailbox has what a
/// device has not confirmed.
@Tag("one-node")
final class DiskHistoryTest {

  private static final HistoryRule DISK =
      HistoryRule.DEFAULTS.withStore(Store.DISK).withKeepEvents(500).withReplayEvents(300);

  private static final HistoryRule MAILBOX = DISK.withReplay(Replay.MAILBOX);

  private static final App APP =
      PlainApp.APP.withHistory(
          List.of(
              rule(MAILBOX, "box-"),
              rule(MAILBOX.withNewReader(NewReader.NONE), "none-"),
              rule(MAILBOX.withNewReader(NewReader.SHARED), "shared-"),
              rule(MAILBOX.withReplayEvents(2), "two-"),
              rule(MAILBOX.withKeepEvents(2), "short-"),
              rule(DISK.withReplay(Replay.REWIND).withRewindEvents(2), "feed-"),
              rule(DISK.withReplay(Replay.REWIND).withRewindEvents(300), "cache-"),
              rule(DISK, "resume-")));

  @TempDir private Path folder;
  private final ManualClock clock = new ManualClock();
  private TestNode node;
  private Api api;

  private static HistoryRule rule(HistoryRule rule, String prefix) {
    return rule.withChannels(ChannelFilter.ALL.withPrefix(prefix));
  }

  @BeforeEach
  void start() {
    start(LedgerOptions.DERIVED);
  }

  private void start(LedgerOptions ledger) {
    PartOptions options =
        TestNode.PARTS
            .withLedger(ledger)
            .withHistory(HistoryOptions.DEFAULTS.withDataDir(folder.toString()));
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

  /// A server with so little memory for history that every event is in the files only.
  private void restartWithoutMemory() {
    stop();
    start(new LedgerOptions(0, 0, 0, 0, 1));
  }

  private RawSocket tagged(String tag) throws IOException {
    return RawSocket.established(node.port(), APP.key() + "/" + tag);
  }

  private String publish(String channel, String data) throws IOException {
    return KeptEvents.publish(api, channel, data, "");
  }

  private List<String> publish(String channel, int count) throws IOException {
    List<String> events = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      events.add(event(channel, "" + i, publish(channel, "" + i)));
    }
    return events;
  }

  private void expect(RawSocket socket, List<String> events) throws IOException {
    KeptEvents.expect(socket, events, clock);
  }

  /// Receives nothing that is kept: what comes next is live. Where a subscription begins is decided
  /// on another thread, so an answered ping proves nothing here.
  ///
  /// @return the live event
  private String expectOnlyLive(RawSocket socket, String channel) throws IOException {
    String live = event(channel, "live", publish(channel, "live"));
    expect(socket, List.of(live));
    return live;
  }

  private String page(String channel) throws IOException {
    return api.get("/channels/" + channel + "/events", "direction=forwards").body();
  }

  @Test
  void eventsSurviveARestart() throws IOException {
    List<String> events = publish("feed-a", 3);
    String page = page("feed-a");
    assertThat(page).contains("\"data\":\"1\"", "\"data\":\"3\"", "\"complete\":true");
    restart();
    assertThat(page("feed-a")).isEqualTo(page);
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "feed-a");
      expect(socket, events.subList(1, 3));
      String next = publish("feed-a", "4");
      assertThat(socket.nextText()).isEqualTo(event("feed-a", "4", next));
      assertThat(next).isGreaterThan(page.substring(page.indexOf("17"), page.indexOf("\",")));
      var _ = expectOnlyLive(socket, "feed-a");
    }
  }

  @Test
  void eventsThatAreNotInMemoryAreReplayedFromTheFilesBeforeLiveOnes() throws IOException {
    restartWithoutMemory();
    List<String> events = publish("box-a", 250);
    try (RawSocket socket = tagged("phone")) {
      socket.subscribe("box-a");
      events.addAll(publish("box-a", 20)); // while the replay goes on
      assertThat(socket.nextText()).contains("subscription_succeeded");
      expect(socket, events);
      confirm(socket);
    }
  }

  @Test
  void aMailboxHasWhatADeviceHasNotConfirmed() throws IOException {
    List<String> events = publish("box-a", 3);
    try (RawSocket phone = tagged("phone")) {
      subscribe(phone, "box-a");
      expect(phone, events);
      confirm(phone);
    }
    List<String> more = publish("box-a", 2);
    restart();
    try (RawSocket phone = tagged("phone~2");
        RawSocket tablet = tagged("tablet")) {
      subscribe(phone, "box-a");
      expect(phone, more);
      confirm(phone);
      subscribe(tablet, "box-a");
      expect(tablet, events);
      expect(tablet, more);
      confirm(tablet);
    }
    try (RawSocket phone = tagged("phone~3")) {
      subscribe(phone, "box-a");
      more.add(expectOnlyLive(phone, "box-a"));
    }
    // This client was away itself while another one on its device confirmed what it missed.
    try (RawSocket phone = tagged("phone")) {
      subscribe(phone, "box-a");
      expect(phone, more);
    }
  }

  @Test
  void whatWasNotConfirmedComesAgain() throws IOException {
    List<String> events = publish("box-a", 2);
    for (int i = 0; i < 2; i++) {
      try (RawSocket phone = tagged("phone")) {
        subscribe(phone, "box-a");
        expect(phone, events);
      }
      restart();
    }
  }

  @Test
  void clientsWithoutANameShareOneReader() throws IOException {
    List<String> events = publish("box-a", 2);
    try (RawSocket first = node.connect()) {
      subscribe(first, "box-a");
      expect(first, events);
      confirm(first);
    }
    restart();
    try (RawSocket second = node.connect()) {
      subscribe(second, "box-a");
      var _ = expectOnlyLive(second, "box-a");
    }
  }

  @Test
  void aNewDeviceGetsWhatTheRuleSays() throws IOException {
    publish("none-a", 2);
    List<String> shared = publish("shared-a", 2);
    try (RawSocket phone = tagged("phone")) {
      subscribe(phone, "none-a");
      var _ = expectOnlyLive(phone, "none-a");
      subscribe(phone, "shared-a");
      expect(phone, shared);
      confirm(phone);
    }
    List<String> more = publish("none-a", 1);
    List<String> moreShared = publish("shared-a", 1);
    restart();
    try (RawSocket phone = tagged("phone");
        RawSocket tablet = tagged("tablet")) {
      subscribe(phone, "none-a");
      expect(phone, more);
      subscribe(tablet, "shared-a");
      expect(tablet, moreShared);
      subscribe(tablet, "none-a");
      var _ = expectOnlyLive(tablet, "none-a");
    }
  }

  @Test
  void aDeviceIsNotifiedOfWhatItCannotGet() throws IOException {
    for (String channel : List.of("two-a", "short-a")) {
      List<String> first = publish(channel, 1);
      try (RawSocket phone = tagged("phone")) {
        subscribe(phone, channel);
        expect(phone, first);
        confirm(phone);
      }
      List<String> missed = publish(channel, 4);
      restart();
      try (RawSocket phone = tagged("phone")) {
        subscribe(phone, channel);
        assertThat(phone.nextText())
            .startsWith("{\"event\":\"fanfare:gap\",\"channel\":\"" + channel + "\"")
            .contains(channel.equals("two-a") ? "too_many" : "expired");
        expect(phone, missed.subList(2, 4));
      }
    }
  }

  @Test
  void aCacheChannelSendsTheKeptEventsOrAMiss() throws IOException {
    try (RawSocket socket = node.connect()) {
      subscribe(socket, "cache-a");
      assertThat(socket.nextText())
          .isEqualTo("{\"event\":\"pusher:cache_miss\",\"channel\":\"cache-a\",\"data\":\"{}\"}");
    }
    List<String> events = publish("cache-a", 2);
    for (int i = 0; i < 2; i++) {
      try (RawSocket socket = node.connect()) {
        subscribe(socket, "cache-a");
        expect(socket, events);
        events.add(expectOnlyLive(socket, "cache-a"));
      }
      restart();
    }
  }

  @Test
  void aClientResumesWhileTheServerRuns() throws IOException {
    try (RawSocket phone = tagged("phone")) {
      subscribe(phone, "resume-a");
      expect(phone, publish("resume-a", 1));
      confirm(phone);
    }
    List<String> missed = publish("resume-a", 2);
    try (RawSocket phone = tagged("phone");
        RawSocket other = tagged("other")) {
      subscribe(phone, "resume-a");
      expect(phone, missed);
      subscribe(other, "resume-a");
      var _ = expectOnlyLive(other, "resume-a");
    }
  }
}
