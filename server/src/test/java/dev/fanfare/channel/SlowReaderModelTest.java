package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random events, members, turns of the lane, and subscribers whose app lets them miss
/// events and that stop reading and go on, compared with a simple model: each subscriber gets every
/// kept event and every member, once and in the order of the channel; of events that no rule keeps
/// it misses some, and each of them is counted.
final class SlowReaderModelTest {

  private static final int STEPS = 500;
  private static final ChannelName CHANNEL = OneLane.name("presence-m");
  private static final Pattern NUMBER =
      Pattern.compile("\"data\":\"(?:\\{\\\\\"user_id\\\\\":\\\\\")?([a-z]?[0-9]+)");
  private static final Pattern GAP =
      Pattern.compile(
          "\\\\\"after\\\\\":\\\\\"(.*?)\\\\\"(?:,\\\\\"oldest\\\\\":\\\\\"(.*?)\\\\\")?");

  private static final HistoryRule RULE = HistoryRule.DEFAULTS.withKeepEvents(100_000);

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, OneLane.MAX_BYTES);
  private final Lanes lanes = new Lanes(List.of(lane));
  private final ManualClock clock = new ManualClock();
  private final Channels channels = new Channels(lanes, Changes.NONE, clock);
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);

  /// What has happened in the channel: `k1` is a kept event, `u1` one that is not kept, `m1` a
  /// member who came or went.
  private final List<String> happened = new ArrayList<>();

  private final List<Client> clients = new ArrayList<>();
  private LiveApp live = new LiveApp(OneLane.APP.withHistory(List.of(RULE)));
  private int number;

  /// Sabotage: subscribers that cannot be written to miss kept events too.
  private boolean losesKept;

  private final class Client {
    final FakeSubscriber subscriber;
    final Subscription subscription;
    final int since;

    Client() {
      String user = "m" + number++;
      subscriber = new FakeSubscriber("1." + number, lane);
      subscriber.mayMiss = true;
      subscriber.clock = clock;
      Join.Joined joined =
          (Join.Joined) channels.join(live, CHANNEL, subscriber, new Member(user, "{}"));
      subscription = joined.subscription();
      lane.onJoin(subscription, joined.replay());
      happened.add(user);
      since = happened.size();
    }

    void fill() {
      subscriber.full = losesKept ? other() : subscription;
    }

    /// What it must have received, with all that no rule keeps.
    List<String> expected() {
      return happened.subList(since, happened.size());
    }

    List<String> received() {
      List<String> before = happened.subList(0, since);
      return subscriber.received.stream()
          .map(SlowReaderModelTest::what)
          .filter(each -> !each.startsWith("u") || !before.contains(each))
          .toList();
    }
  }

  /// A subscription that has left.
  private Subscription other() {
    FakeSubscriber absent = new FakeSubscriber("9.9", lane);
    Join.Joined joined = (Join.Joined) channels.join(live, OneLane.name("feed"), absent, null);
    channels.leave(joined.subscription(), LeaveCause.CLOSED);
    return joined.subscription();
  }

  private static String what(String frame) {
    Matcher matcher = NUMBER.matcher(frame);
    assertThat(matcher.find()).as(frame).isTrue();
    return matcher.group(1);
  }

  @BeforeEach
  void countFrames() {
    FakeSubscriber.TextFrames.open = 0;
  }

  @AfterEach
  void everyFrameWasReleased() {
    loop.runAll();
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void whoReadsTooSlowlyMissesNoKeptEvent(long seed) {
    run(seed);
    int skipped = clients.stream().mapToInt(client -> client.subscriber.skipped).sum();
    assertThat(skipped).as("some were slow").isPositive();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theModelNoticesKeptEventsThatAreLost(long seed) {
    losesKept = true;
    assertThatThrownBy(() -> run(seed)).isInstanceOf(AssertionError.class);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0 -> {
          if (clients.size() < 12) {
            clients.add(new Client());
          }
        }
        case 1, 2, 3 -> publish("k", Origin.HTTP, null);
        case 4 -> publish("u", Origin.CLIENT, null);
        case 5 -> publishAsOne(random);
        case 6 -> {
          for (int i = random.nextInt(60); i >= 0; i--) {
            publish(random.nextInt(4) == 0 ? "u" : "k", random);
          }
        }
        case 7, 8 -> toggle(random);
        default -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            var _ = loop.runOne();
          }
        }
      }
      if (step % 50 == 0) {
        check(false);
      }
    }
    clients.forEach(client -> client.subscriber.read());
    loop.runAll();
    check(true);
  }

  /// An event that one of the subscribers does not get, so that another one is written for it.
  private void publishAsOne(Random random) {
    if (!clients.isEmpty()) {
      String socketId = clients.get(random.nextInt(clients.size())).subscriber.socketId();
      publish("k", Origin.HTTP, socketId);
    }
  }

  private void publish(String kind, Random random) {
    publish(kind, kind.equals("k") ? Origin.HTTP : Origin.CLIENT, null);
    if (random.nextInt(20) == 0) {
      var _ = loop.runOne();
    }
  }

  private void publish(String kind, Origin origin, @Nullable String except) {
    String what = kind + number++;
    happened.add(except == null ? what : what + " except " + except);
    Publication publication = new Publication(CHANNEL, "e", what, null, except, origin);
    assertThat(publisher.publish(live, List.of(publication))).isEqualTo(Parsed.PASSED);
  }

  private void toggle(Random random) {
    if (!clients.isEmpty()) {
      Client client = clients.get(random.nextInt(clients.size()));
      if (client.subscriber.full != null) {
        client.subscriber.read();
      } else {
        client.fill();
      }
    }
  }

  /// What each has received is what has happened, in order, without some that no rule keeps.
  private void check(boolean isComplete) {
    for (Client client : clients) {
      String own = " except " + client.subscriber.socketId();
      List<String> received = client.received();
      int next = 0;
      int missed = 0;
      for (String each : client.expected()) {
        if (each.endsWith(own)) {
          continue;
        }
        String what = each.replaceFirst(" except .*", "");
        if (next < received.size() && received.get(next).equals(what)) {
          next++;
        } else if (what.startsWith("u")) {
          missed++;
        } else {
          assertThat(next)
              .as("%s is missing, or not in order: %s", what, received)
              .isEqualTo(received.size());
          assertThat(isComplete).as("%s is missing", what).isFalse();
          break;
        }
      }
      assertThat(next).as("everything was expected").isEqualTo(received.size());
      if (isComplete) {
        assertThat(missed).as("counted").isLessThanOrEqualTo(client.subscriber.skipped);
      }
      assertThat(client.subscriber.failures).isEmpty();
      assertThat(client.subscriber.gaps).isZero();
    }
  }

  /// @param isLate the event that was written last is no longer kept when the lane comes to write
  ///   the next one
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoFallsBehindWhatIsKeptIsNotifiedAndGoesOn(boolean isLate) {
    live = new LiveApp(OneLane.APP.withHistory(List.of(RULE.withKeepEvents(10))));
    Client slow = new Client();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    slow.fill();
    for (int i = 0; i < 15; i++) {
      publish("k", Origin.HTTP, null);
      if (!isLate) {
        loop.runAll();
      }
    }
    loop.runAll();
    slow.subscriber.read();
    loop.runAll();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    List<String> received = slow.subscriber.received;
    assertThat(slow.subscriber.gaps).isEqualTo(1);
    assertThat(slow.subscriber.failures).isEmpty();
    assertThat(received).hasSize(1 + 1 + 10 + 1);
    assertThat(what(received.getFirst())).isEqualTo("k1");
    assertThat(received.get(1)).contains("\"fanfare:gap\"").contains("expired");
    Matcher gap = GAP.matcher(received.get(1));
    assertThat(gap.find()).isTrue();
    assertThat(received.getFirst()).contains("\"id\":\"" + gap.group(1) + "\"");
    assertThat(received.get(2)).contains("\"id\":\"" + gap.group(2) + "\"");
    assertThat(received.subList(2, 13).stream().map(SlowReaderModelTest::what))
        .containsExactly("k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14", "k15", "k16", "k17");
  }

  @Test
  void whereNoRuleKeepsAnythingEventsAreLostAsBefore() {
    live = new LiveApp(OneLane.APP);
    Client slow = new Client();
    slow.fill();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    slow.subscriber.read();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    assertThat(slow.received()).containsExactly("k2");
    assertThat(slow.subscriber.skipped).isEqualTo(1);
  }

  @Test
  void whoLeavesWhileBehindGetsNothingMore() {
    Client slow = new Client();
    slow.fill();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    channels.leave(slow.subscription, LeaveCause.CLOSED);
    lane.onLeave(slow.subscription);
    slow.subscriber.read();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    assertThat(slow.subscriber.received).isEmpty();
    assertThat(slow.subscriber.failures).isEmpty();
  }

  @Test
  void anEventThatIsNotForAllIsReplayedToo() {
    Client slow = new Client();
    Client other = new Client();
    publish("k", Origin.HTTP, null);
    loop.runAll();
    slow.fill();
    publish("k", Origin.HTTP, other.subscriber.socketId());
    loop.runAll();
    assertThat(slow.received()).containsExactly("m1", "k2");
    slow.subscriber.read();
    loop.runAll();
    assertThat(slow.received()).containsExactly("m1", "k2", "k3");
    assertThat(other.received()).containsExactly("k2");
  }
}
