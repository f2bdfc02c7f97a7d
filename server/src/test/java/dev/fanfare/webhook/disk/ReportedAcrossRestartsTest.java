package dev.fanfare.webhook.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.app.App;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.SampleChanges;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.Outcomes;
import dev.fanfare.testing.Receiver;
import dev.fanfare.testing.TestNode;
import dev.fanfare.webhook.Webhooks;
import dev.fanfare.webhook.courier.Post;
import dev.fanfare.webhook.outbox.Outboxes;
import dev.fanfare.webhook.outbox.Presence;
import dev.fanfare.webhook.outbox.WarningLog;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Receivers know which channels are occupied and who is a member, across crashes and restarts.
final class ReportedAcrossRestartsTest {

  private static final int KEYS = 12;
  private static final int STEPS = 60;
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final WebhookOptions OPTIONS = WebhookOptions.DEFAULTS.withHoldBackSeconds(0);

  @TempDir Path directory;
  private final ManualClock clock = new ManualClock();
  private final Receiver receiver;
  private App app;
  private int folders;
  private int sentinels;

  // What is true, and what the receiver knows.
  private final Set<String> present = new TreeSet<>();
  private final Set<String> known = new TreeSet<>();

  @SuppressWarnings("NullAway.Init") // by start
  private DurableOutbox outbox;

  @SuppressWarnings("NullAway.Init") // by start
  private Webhooks webhooks;

  ReportedAcrossRestartsTest() throws IOException {
    receiver = new Receiver();
    app = Post.app(receiver.url());
  }

  @AfterEach
  void close() throws IOException {
    receiver.close();
  }

  private Path folder() {
    return directory.resolve("run-" + folders);
  }

  private void start() throws IOException {
    WebhookOptions options = OPTIONS.withDataDir(folder().toString());
    outbox = DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant);
    Webhooks.Clocks clocks = new Webhooks.Clocks(clock, clock::instant);
    webhooks =
        Webhooks.start(
            TestNode.apps(app),
            options,
            outbox,
            Outboxes.memory(),
            clocks,
            new Outcomes(),
            new LocalBus());
  }

  /// The next run begins with the files as they are now; no member has left, as after `kill -9`.
  private void crash() throws IOException {
    Path before = folder();
    folders++;
    Files.createDirectories(folder());
    DurableOutbox open = outbox;
    synchronized (open) {
      for (String name : List.of("outbox.mv", "outbox.state")) {
        Files.copy(before.resolve(name), folder().resolve(name));
      }
    }
    end();
  }

  private void end() {
    webhooks.close();
    outbox.close();
  }

  /// A key is `N` for a channel, `N uM` for a member.
  private static String key(Random random) {
    int channel = random.nextInt(KEYS / 3);
    int user = random.nextInt(3);
    return user == 0 ? channel + "" : channel + " u" + user;
  }

  private void arrive(String key) {
    String[] words = key.split(" ", -1);
    if (words.length == 1) {
      webhooks.onChange(SampleChanges.occupied(app, "presence-" + key));
    } else {
      webhooks.onChange(SampleChanges.memberAdded(app, "presence-" + words[0], words[1]));
    }
  }

  private void leave(String key) {
    String[] words = key.split(" ", -1);
    if (words.length == 1) {
      webhooks.onChange(SampleChanges.vacated(app, "presence-" + key));
    } else {
      webhooks.onChange(SampleChanges.memberRemoved(app, "presence-" + words[0], words[1]));
    }
  }

  private void change(Random random) {
    String key = key(random);
    if (present.add(key)) {
      arrive(key);
    } else {
      present.remove(key);
      leave(key);
    }
  }

  /// Waits until everything so far has arrived, and updates what the receiver knows.
  ///
  /// @return the events
  private List<String> sync() {
    String last = "cache_miss cache-" + sentinels;
    webhooks.onChange(SampleChanges.cacheMissed(app, "cache-" + sentinels++));
    List<String> events = new ArrayList<>();
    String event = receiver.nextEvent();
    while (!event.equals(last)) {
      events.add(event);
      String key = event.replaceFirst("^\\w+ presence-", "");
      boolean isArrival = event.startsWith("channel_occupied") || event.startsWith("member_added");
      assertThat(isArrival ? known.add(key) : known.remove(key)).as(event).isTrue();
      event = receiver.nextEvent();
    }
    await().atMost(PATIENCE).until(() -> outbox.counts().pending() == 0);
    return events;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void receiversKnowTheTruthAfterCrashes(long seed) throws IOException {
    Random random = new Random(seed);
    start();
    for (int run = 0; run < 4; run++) {
      for (int step = 0; step < STEPS; step++) {
        change(random);
      }
      sync();
      assertThat(known).isEqualTo(present);
      crash();
      present.clear();
      start();
      // Some come back, others are new, and some of them leave again.
      for (int step = 0; step < STEPS / 4; step++) {
        change(random);
      }
      sync(); // nothing is reported twice
      clock.advance(Duration.ofSeconds(OPTIONS.restartHoldBackSeconds()));
      await().atMost(PATIENCE).until(() -> outbox.unconfirmed(null, 1).isEmpty());
      sync();
      assertThat(known).as("after crash %d", run).isEqualTo(present);
    }
    end();
  }

  @Test
  void membersLeaveBeforeTheirChannelAndNotBeforeTheTime() throws IOException {
    start();
    List.of("1", "1 u1", "1 u2", "2").forEach(this::arrive);
    sync();
    crash();
    start();
    arrive("2");
    clock.advance(Duration.ofSeconds(OPTIONS.restartHoldBackSeconds() - 1));
    assertThat(sync()).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    await().atMost(PATIENCE).until(() -> outbox.unconfirmed(null, 1).isEmpty());
    assertThat(sync())
        .containsExactly(
            "member_removed presence-1 u1",
            "member_removed presence-1 u2",
            "channel_vacated presence-1");
    leave("2");
    assertThat(sync()).containsExactly("channel_vacated presence-2");
    end();
  }

  @Test
  void afterAGracefulShutdownNothingIsLeftToReport() throws IOException {
    start();
    List.of("1", "1 u1", "2").forEach(this::arrive);
    sync();
    List.of("1 u1", "1", "2").forEach(this::leave);
    end();
    start();
    assertThat(outbox.unconfirmed(null, 1)).isEmpty();
    clock.advance(Duration.ofHours(1));
    arrive("2");
    assertThat(sync())
        .containsExactly(
            "member_removed presence-1 u1",
            "channel_vacated presence-1",
            "channel_vacated presence-2",
            "channel_occupied presence-2");
    end();
  }

  @Test
  void appsAndEndpointsThatAreGoneAreForgotten() throws IOException {
    start();
    List.of("1", "2").forEach(this::arrive);
    sync();
    crash();
    App before = app;
    app = app.withId("another");
    start();
    clock.advance(Duration.ofHours(1));
    await().atMost(PATIENCE).until(() -> outbox.unconfirmed(null, 1).isEmpty());
    end();
    app = before;
    start();
    clock.advance(Duration.ofHours(1));
    known.clear();
    arrive("1");
    assertThat(sync()).containsExactly("channel_occupied presence-1");
    end();
  }

  @Test
  void whatIsReportedIsBoundedInBytesForEachApp() throws IOException {
    WebhookOptions options = OPTIONS.withDataDir(folder().toString()).withMaxDiskBytes(800_000);
    try (WarningLog warnings = WarningLog.open();
        DurableOutbox small =
            DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant)) {
      for (int i = 0; i < 2_000; i++) {
        small.accept(List.of(), List.of(new Presence("1", "channel-" + i, "", true)));
      }
      small.accept(List.of(), List.of(new Presence("2", "a", "", true)));
      assertThat(warnings.lines())
          .singleElement()
          .asString()
          .startsWith("too many channels and members of app 1 are reported as present");
    }
    try (DurableOutbox again =
        DurableOutbox.open(options, Outboxes.memory(), clock, clock::instant)) {
      List<Presence> all = again.unconfirmed(null, 9_999);
      assertThat(all.size() * 70).isLessThan(100_000);
      assertThat(all).hasSizeGreaterThan(500).contains(new Presence("2", "a", "", false));
    }
  }
}
