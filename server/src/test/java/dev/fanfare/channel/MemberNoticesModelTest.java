package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Users who join and leave one presence channel, some of them far too often, over several lanes,
/// compared with a model: calm users are announced at once, others four times a second, and what a
/// client knows is never contradicted.
final class MemberNoticesModelTest {

  private static final int STEPS = 4_000;
  private static final int USERS = 4;
  private static final int CONNECTIONS = 10;

  /// Changes within this time decide whether a user is calm: then no notice can be waiting.
  private static final long CALM_NS = Duration.ofSeconds(3).toNanos();

  private static final App APP = TestNode.APP;

  private static final LiveApp LIVE = new LiveApp(APP);
  private static final ChannelName NAME =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("presence-p", 200)).value();

  private final ManualClock clock = new ManualClock();
  private final List<InlineLoop> loops = new ArrayList<>();
  private final List<FakeSubscriber> connections = new ArrayList<>();
  private final Map<Integer, MemberView> views = new HashMap<>();

  // The model: what the webhooks are notified of, and when each user changed.
  private final Map<String, Integer> present = new HashMap<>();
  private final Map<String, Deque<Long>> changes = new HashMap<>();
  private final Set<String> reported = new HashSet<>();

  /// Events so far; each may have forced an announcement.
  private int events;

  private void onChange(Change change) {
    switch (change) {
      case Change.MemberAdded added -> assertThat(reported.add(added.member().userId())).isTrue();
      case Change.MemberRemoved removed ->
          assertThat(reported.remove(removed.member().userId())).isTrue();
      default -> {}
    }
  }

  @SuppressWarnings("NullAway.Init") // by open
  private Channels channels;

  @SuppressWarnings("NullAway.Init") // by open
  private Publisher publisher;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void clientsAreNeverContradictedAndInTheEndKnowAll(long seed) {
    Random random = new Random(seed);
    open(1 + (int) (seed % 3));
    long startNs = clock.nanoTime();
    for (int step = 0; step < STEPS; step++) {
      int connection = random.nextInt(CONNECTIONS);
      // Phases: mostly quiet, then a storm in which time hardly passes.
      boolean isStorm = step / 500 % 2 == 1;
      switch (random.nextInt(isStorm ? 8 : 24)) {
        case 0, 1, 2 -> toggle(connection, random);
        case 3 -> trigger(connection);
        case 4, 5, 6 -> loops.get(random.nextInt(loops.size())).runOne();
        default -> pass(Duration.ofMillis(random.nextInt(isStorm ? 20 : 300)));
      }
    }
    pass(Duration.ofSeconds(1));
    pass(Duration.ofSeconds(1));
    runAll();
    List<Member> members = channels.members(APP, NAME.value());
    views
        .values()
        .forEach(view -> assertThat(view.members()).containsExactlyInAnyOrderElementsOf(members));
    assertThat(reported).isEqualTo(present.keySet());
    double seconds = (clock.nanoTime() - startNs) / 1e9;
    double mostPerUser = 4 * seconds + 4;
    for (int i = 0; i < CONNECTIONS; i++) {
      long notices =
          connections.get(i).received.stream().filter(text -> text.contains(":member_")).count();
      // A changed user_info takes two notices.
      assertThat((double) notices).isLessThan(2 * (USERS * mostPerUser + events));
    }
  }

  /// Four notices at once, then one at a time, and one net result.
  @Test
  void aUserWhoFlapsIsMerged() {
    open(1);
    join(0, new Member("watcher", "{}"));
    for (int i = 0; i < 50; i++) {
      join(1, new Member("u1", "{}"));
      leave(1);
    }
    join(1, new Member("u1", "{}"));
    loops.getFirst().runAll();
    assertThat(notices(0)).containsExactly("added", "removed", "added", "removed");
    pass(Duration.ofMillis(249));
    loops.getFirst().runAll();
    assertThat(notices(0)).hasSize(4);
    pass(Duration.ofMillis(1));
    loops.getFirst().runAll();
    assertThat(notices(0)).hasSize(5).endsWith("added");
    leave(1);
    join(1, new Member("u1", "{}"));
    pass(Duration.ofSeconds(2));
    loops.getFirst().runAll();
    assertThat(notices(0)).as("the net result is nothing").hasSize(5);
    leave(1);
    loops.getFirst().runAll();
    assertThat(notices(0)).as("calm again: at once").hasSize(6).endsWith("removed");
  }

  private List<String> notices(int connection) {
    return connections.get(connection).received.stream()
        .filter(text -> text.contains(":member_"))
        .map(text -> text.contains(":member_added") ? "added" : "removed")
        .toList();
  }

  private void open(int lanes) {
    List<Lane> all = new ArrayList<>();
    for (int i = 0; i < lanes; i++) {
      InlineLoop loop = new InlineLoop();
      loops.add(loop);
      all.add(new Lane(i, loop, loop, () -> true, FakeSubscriber.TextFrames::new));
    }
    Lanes node = new Lanes(all);
    Changes changes = new Changes(List.of(this::onChange));
    channels = new Channels(node, changes, clock);
    publisher = new Publisher(channels, node, new LocalBus(), Changes.NONE, ServerListener.NONE);
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(new FakeSubscriber("1." + i, all.get(i % lanes)));
    }
  }

  private void toggle(int connection, Random random) {
    String userId = "u" + connection % USERS;
    if (!views.containsKey(connection)) {
      join(connection, new Member(userId, "{\"n\":" + random.nextInt(2) + "}"));
    } else {
      leave(connection);
    }
    if (isCalm(userId)) {
      runAll();
      Member now =
          channels.members(APP, NAME.value()).stream()
              .filter(member -> member.userId().equals(userId))
              .findFirst()
              .orElse(null);
      views.values().forEach(view -> assertThat(view.member(userId)).isEqualTo(now));
    }
  }

  private void join(int connection, Member member) {
    FakeSubscriber subscriber = connections.get(connection);
    Join.Joined joined = (Join.Joined) channels.join(LIVE, NAME, subscriber, member);
    subscriber.lane().onJoin(joined.subscription());
    views.put(connection, new MemberView(joined, subscriber.received.size(), events));
    if (present.merge(member.userId(), 1, Integer::sum) == 1) {
      changed(member.userId());
    }
  }

  private void leave(int connection) {
    FakeSubscriber subscriber = connections.get(connection);
    MemberView view = Objects.requireNonNull(views.remove(connection));
    channels.leave(view.subscription(), LeaveCause.CLOSED);
    subscriber.lane().onLeave(view.subscription());
    view.take(subscriber.received);
    if (present.merge(view.userId(), -1, Integer::sum) == 0) {
      present.remove(view.userId());
      changed(view.userId());
    }
  }

  /// As a client event is relayed: its sender must be known to all who get it.
  private void trigger(int connection) {
    MemberView view = views.get(connection);
    if (view == null) {
      return;
    }
    String data = Integer.toString(events++);
    channels.announce(view.subscription());
    String socketId = connections.get(connection).socketId();
    Publication event =
        new Publication(NAME, "client-e", data, view.userId(), socketId, Origin.CLIENT);
    assertThat(publisher.publish(LIVE, List.of(event))).isEqualTo(Parsed.PASSED);
  }

  private void pass(Duration time) {
    clock.advance(time);
    channels.sweep();
  }

  private void runAll() {
    loops.forEach(InlineLoop::runAll);
    views.forEach((connection, view) -> view.take(connections.get(connection).received));
  }

  private void changed(String userId) {
    changes.computeIfAbsent(userId, _ -> new ArrayDeque<>()).add(clock.nanoTime());
  }

  private boolean isCalm(String userId) {
    Deque<Long> times = changes.getOrDefault(userId, new ArrayDeque<>());
    times.removeIf(at -> clock.nanoTime() - at > CALM_NS);
    return times.size() <= 4;
  }
}
