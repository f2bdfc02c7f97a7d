package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.CatchUp;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random joins, leaves, events that are kept, events that are not, slow readers and turns
/// of the lane, compared with a simple model: each subscriber gets the last kept events and then,
/// in the order of the channel, everything that happens, each once.
final class ReplayModelTest {

  private static final int STEPS = 400;
  private static final int REWIND = 40;
  private static final ChannelName CHANNEL = OneLane.name("presence-m");
  private static final Pattern NUMBER =
      Pattern.compile("\"data\":\"(?:\\{\\\\\"user_id\\\\\":\\\\\")?([a-z]?[0-9]+)");

  private static final HistoryRule RULE =
      HistoryRule.DEFAULTS
          .withReplay(HistoryRule.Replay.REWIND)
          .withKeepEvents(100_000)
          .withRewindEvents(REWIND);

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, OneLane.MAX_BYTES);
  private final Lanes lanes = new Lanes(List.of(lane));
  private final Channels channels = new Channels(lanes, Changes.NONE, new ManualClock());
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), Changes.NONE, ServerListener.NONE);

  /// What has happened in the channel: `k1` is a kept event, `u1` one that is not kept, `m1` a
  /// member.
  private final List<String> happened = new ArrayList<>();

  private final List<Client> present = new ArrayList<>();
  private final List<Client> gone = new ArrayList<>();
  private LiveApp live = new LiveApp(OneLane.APP.withHistory(List.of(RULE)));
  private int number;

  /// Sabotage: each subscriber loses this write; 0 for none.
  private int lostWrite;

  /// A subscriber and what it must have received.
  private final class Client {
    final FakeSubscriber subscriber;
    final Subscription subscription;
    final List<String> replayed;
    final int since;

    Client(boolean isSlow) {
      String user = "m" + number++;
      List<String> kept = happened.stream().filter(each -> each.startsWith("k")).toList();
      replayed = kept.subList(Math.max(0, kept.size() - REWIND), kept.size());
      subscriber = new FakeSubscriber("1." + number, lane);
      subscriber.isSlow = isSlow;
      subscriber.lostWrite = lostWrite;
      Join.Joined joined =
          (Join.Joined) channels.join(live, CHANNEL, subscriber, new Member(user, "{}"));
      subscription = joined.subscription();
      lane.onJoin(subscription, joined.replay());
      happened.add(user);
      since = happened.size();
    }

    /// Everything but events from before, which are not kept and were still on their way.
    List<String> received() {
      List<String> before = happened.subList(0, since);
      return subscriber.received.stream()
          .map(ReplayModelTest::what)
          .filter(each -> !each.startsWith("u") || !before.contains(each))
          .toList();
    }

    List<String> expected() {
      List<String> expected = new ArrayList<>(replayed);
      expected.addAll(happened.subList(since, happened.size()));
      return expected;
    }
  }

  private static String what(String frame) {
    Matcher matcher = NUMBER.matcher(frame);
    assertThat(matcher.find()).as(frame).isTrue();
    return matcher.group(1);
  }

  @BeforeEach
  void countFrames() {
    FakeSubscriber.TextFrames.open = 0;
    FakeSubscriber.TextFrames.made = 0;
  }

  @AfterEach
  void everyFrameWasReleased() {
    loop.runAll();
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everySubscriberGetsWhatIsKeptAndWhatHappensOnceAndInOrder(long seed) {
    run(seed);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void theModelNoticesALostWrite(long seed) {
    lostWrite = 2;
    assertThatThrownBy(() -> run(seed)).isInstanceOf(AssertionError.class);
  }

  private void run(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      switch (random.nextInt(12)) {
        case 0, 1 -> present.add(new Client(random.nextInt(3) == 0));
        case 2 -> leave(random);
        case 3, 4, 5 -> publish("k", Origin.HTTP);
        case 6 -> publish("u", Origin.CLIENT);
        case 7 -> toggle(random);
        case 8 -> publishMany(random);
        default -> {
          for (int i = random.nextInt(4); i >= 0; i--) {
            var _ = loop.runOne();
          }
        }
      }
      if (step % 50 == 0) {
        check();
      }
    }
    present.forEach(client -> client.subscriber.read());
    loop.runAll();
    check();
    for (Client client : present) {
      assertThat(client.received()).as("complete").isEqualTo(client.expected());
    }
  }

  private void publishMany(Random random) {
    for (int i = random.nextInt(60); i >= 0; i--) {
      publish("k", Origin.HTTP);
    }
  }

  private void toggle(Random random) {
    if (!present.isEmpty()) {
      FakeSubscriber subscriber = present.get(random.nextInt(present.size())).subscriber;
      if (subscriber.isSlow) {
        subscriber.read();
      } else {
        subscriber.isSlow = true;
      }
    }
  }

  private void leave(Random random) {
    if (present.isEmpty()) {
      return;
    }
    Client client = present.remove(random.nextInt(present.size()));
    gone.add(client);
    channels.leave(client.subscription, LeaveCause.CLOSED);
    lane.onLeave(client.subscription);
    happened.add(client.subscription.userId());
  }

  private void publish(String kind, Origin origin) {
    String what = kind + number++;
    happened.add(what);
    Publication publication = new Publication(CHANNEL, "e", what, null, null, origin);
    assertThat(publisher.publish(live, List.of(publication))).isEqualTo(Parsed.PASSED);
  }

  /// What anyone has received is the beginning of what is due.
  private void check() {
    for (List<Client> clients : List.of(present, gone)) {
      for (Client client : clients) {
        List<String> received = client.received();
        List<String> expected = client.expected();
        assertThat(received.size()).isLessThanOrEqualTo(expected.size());
        assertThat(received).isEqualTo(expected.subList(0, received.size()));
        assertThat(client.subscriber.failures).isEmpty();
      }
    }
  }

  @Test
  void aReaderThatFallsBehindWhatIsKeptIsDisconnected() {
    live = new LiveApp(OneLane.APP.withHistory(List.of(RULE.withKeepEvents(10))));
    publish("k", Origin.HTTP);
    Client slow = new Client(true);
    loop.runAll();
    for (int i = 0; i < 11; i++) {
      publish("k", Origin.HTTP);
    }
    loop.runAll();
    slow.subscriber.read();
    loop.runAll();
    assertThat(slow.subscriber.failures)
        .singleElement()
        .asString()
        .contains("events for it are no longer kept");
  }

  @Test
  void whatIsReplayedMayBeDroppedBeforeItWasSent() {
    live = new LiveApp(OneLane.APP.withHistory(List.of(RULE.withKeepEvents(3))));
    publish("k", Origin.HTTP);
    publish("k", Origin.HTTP);
    Client slow = new Client(true);
    publish("k", Origin.HTTP);
    publish("k", Origin.HTTP);
    loop.runAll();
    slow.subscriber.read();
    loop.runAll();
    assertThat(slow.received()).containsExactly("k1", "k3", "k4");
    assertThat(slow.subscriber.failures).isEmpty();
  }

  @Test
  void aReaderWithTooMuchThatIsNotKeptIsDisconnected() {
    publish("k", Origin.HTTP);
    Client slow = new Client(true);
    for (int i = 0; i <= CatchUp.MAX_ASIDE; i++) {
      publish("u", Origin.CLIENT);
      loop.runAll();
    }
    slow.subscriber.read();
    loop.runAll();
    assertThat(slow.subscriber.failures)
        .singleElement()
        .asString()
        .contains("more than " + CatchUp.MAX_ASIDE + " messages waited for it");
  }

  @Test
  void thoseAtOnePositionShareTheirBytes() {
    ChannelName feed = OneLane.name("feed");
    for (int i = 0; i < REWIND; i++) {
      Publication event = new Publication(feed, "e", "k" + i, null, null, Origin.HTTP);
      assertThat(publisher.publish(live, List.of(event))).isEqualTo(Parsed.PASSED);
    }
    List<FakeSubscriber> subscribers = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      FakeSubscriber subscriber = new FakeSubscriber("1." + i, lane);
      Join.Joined joined = (Join.Joined) channels.join(live, feed, subscriber, null);
      lane.onJoin(joined.subscription(), joined.replay());
      subscribers.add(subscriber);
    }
    loop.runAll();
    assertThat(subscribers)
        .allSatisfy(subscriber -> {
          assertThat(subscriber.received).hasSize(REWIND).doesNotHaveDuplicates();
          assertThat(subscriber.writes).as("blocks").isEqualTo(2);
        });
    assertThat(FakeSubscriber.TextFrames.made).isEqualTo(2);
  }

  @Test
  void anAppWithoutRulesAddsNothing() {
    App plain = OneLane.APP;
    live = new LiveApp(plain);
    publish("k", Origin.HTTP);
    FakeSubscriber subscriber = new FakeSubscriber("1.1", lane);
    Join.Joined joined =
        (Join.Joined) channels.join(live, CHANNEL, subscriber, new Member("m", "{}"));
    assertThat(joined.replay()).isNull();
    assertThat(joined.kept()).isNull();
  }
}
