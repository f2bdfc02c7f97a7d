package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A sweep visits the channels that have something due, and no other.
final class DueChannelsTest {

  private static final int CROWD = 2_000;
  private static final Duration CACHE_TIME = Duration.ofHours(2);
  private static final App APP =
      TestNode.APP.withLimits(Limits.HOSTED.withCacheTtlSeconds((int) CACHE_TIME.toSeconds()));

  private static final LiveApp LIVE = new LiveApp(APP);

  private final ManualClock clock = new ManualClock();
  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new);

  /// A lane whose loop accepts no more tasks once it is broken.
  private final Lane fragile =
      new Lane(1, this::executeUnlessBroken, loop, () -> true, FakeSubscriber.TextFrames::new);

  private final Lanes lanes = new Lanes(List.of(lane, fragile));
  private final List<String> counted = new ArrayList<>();
  private final Changes changes = new Changes(List.of(this::onChange));
  private final Channels channels = new Channels(lanes, changes, clock);
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), changes, ServerListener.NONE);
  private boolean isBroken;
  private int sockets;

  private void executeUnlessBroken(Runnable task) {
    if (isBroken) {
      throw new IllegalStateException("on purpose");
    }
    loop.execute(task);
  }

  private void onChange(Change change) {
    if (change instanceof Change.Counted count) {
      counted.add(count.name() + " " + count.count());
    }
  }

  private Subscription join(String channel, @Nullable Member member) {
    return join(lane, channel, member);
  }

  private Subscription join(Lane on, String channel, @Nullable Member member) {
    FakeSubscriber subscriber = new FakeSubscriber("1." + sockets++, on);
    Join.Joined joined = (Join.Joined) channels.join(LIVE, name(channel), subscriber, member);
    on.onJoin(joined.subscription());
    return joined.subscription();
  }

  private int sweepAfter(Duration pause) {
    clock.advance(pause);
    int visited = channels.sweep();
    loop.runAll();
    return visited;
  }

  private void publish(String channel) {
    Publication publication = new Publication(name(channel), "e", "x", null, null, Origin.HTTP);
    assertThat(publisher.publish(LIVE, List.of(publication))).isEqualTo(Parsed.PASSED);
  }

  @Test
  void channelsAtRestAreNotVisited() {
    for (int i = 0; i < CROWD; i++) {
      join("room-" + i, null);
      join("presence-" + i, new Member("u", "{}"));
    }
    assertThat(sweepAfter(Duration.ofMillis(100))).isZero();
    assertThat(sweepAfter(Duration.ofHours(1))).isZero();
    join("room-7", null); // the first count was sent at once, long ago
    join("room-7", null);
    counted.clear();
    assertThat(sweepAfter(Duration.ofMillis(100))).as("not due yet").isZero();
    assertThat(counted).isEmpty();
    assertThat(sweepAfter(Duration.ofMillis(150))).isEqualTo(1);
    assertThat(counted).containsExactly("room-7 3");
    assertThat(sweepAfter(Duration.ofHours(1))).isZero();
  }

  @Test
  void aCachedEventIsVisitedWhenItExpiresAndFreesTheChannel() {
    for (int i = 0; i < CROWD; i++) {
      publish("cache-" + i);
    }
    clock.advance(Duration.ofMinutes(50));
    publish("cache-7");
    assertThat(sweepAfter(Duration.ZERO)).isZero();
    // Later than the wheel is long, so each is visited on the way.
    int visits = 0;
    for (Duration left = CACHE_TIME; !left.isNegative(); left = left.minusMinutes(10)) {
      visits += sweepAfter(Duration.ofMinutes(10));
    }
    assertThat(visits).isLessThan(4 * CROWD);
    for (int i = 0; i < CROWD; i++) {
      assertThat(channels.find(APP, "cache-" + i)).isNull();
    }
    assertThat(sweepAfter(Duration.ofDays(1))).isZero();
  }

  /// Else a flood of new names would hold its channels for as long as their events were to live.
  @Test
  void aChannelThatIsDroppedIsForgotten() {
    Agenda agenda = new Agenda(clock);
    Channel dropped = new Channel(LIVE, name("cache-a"), 1);
    Channel kept = new Channel(LIVE, name("cache-b"), 1);
    agenda.add(dropped, clock.nanoTime() + Duration.ofMinutes(30).toNanos());
    agenda.add(kept, clock.nanoTime() + Duration.ofMinutes(30).toNanos());
    agenda.remove(dropped);
    agenda.remove(dropped);
    clock.advance(Duration.ofMinutes(30));
    assertThat(agenda.takeDue()).containsExactly(kept);
    assertThat(agenda.takeDue()).isEmpty();
  }

  @Test
  void anEarlierTimeReplacesALaterOne() {
    Agenda agenda = new Agenda(clock);
    Channel channel = new Channel(LIVE, name("a"), 1);
    agenda.add(channel, clock.nanoTime() + Duration.ofMinutes(30).toNanos());
    agenda.add(channel, clock.nanoTime() + Duration.ofSeconds(1).toNanos());
    agenda.add(channel, clock.nanoTime() + Duration.ofMinutes(10).toNanos());
    clock.advance(Duration.ofMillis(899));
    assertThat(agenda.takeDue()).isEmpty();
    clock.advance(Duration.ofMillis(101));
    assertThat(agenda.takeDue()).containsExactly(channel);
    clock.advance(Duration.ofHours(1));
    assertThat(agenda.takeDue()).isEmpty();
  }

  @Test
  void aUserWhoReturnsTooOftenIsVisitedUntilAllKnowIt() {
    join("presence-a", new Member("watcher", "{}"));
    assertThat(sweepAfter(Duration.ofSeconds(5))).isZero();
    flap("presence-a");
    int visits = 0;
    for (int i = 0; i < 30; i++) {
      visits += sweepAfter(Duration.ofMillis(100));
    }
    assertThat(visits).isBetween(1, 15);
    assertThat(sweepAfter(Duration.ofSeconds(1))).isZero();
  }

  @Test
  void aUserWhoLeftIsVisitedOnceWhenItIsForgotten() {
    join("presence-a", new Member("watcher", "{}"));
    Subscription leaving = join("presence-a", new Member("u", "{}"));
    assertThat(sweepAfter(Duration.ofSeconds(5))).isZero();
    channels.leave(leaving, LeaveCause.CLOSED);
    lane.onLeave(leaving);
    assertThat(sweepAfter(Duration.ofMillis(100))).as("not due yet").isZero();
    assertThat(sweepAfter(Duration.ofMillis(150))).isEqualTo(1);
    assertThat(sweepAfter(Duration.ofHours(1))).isZero();
  }

  /// A user joins and leaves so often that the next notice must wait.
  private void flap(String channel) {
    for (int i = 0; i < 10; i++) {
      Subscription flapping = join(channel, new Member("u", "{}"));
      channels.leave(flapping, LeaveCause.CLOSED);
      lane.onLeave(flapping);
    }
  }

  @Test
  void aFailureDelaysNoOtherChannel() {
    for (String channel : List.of("a", "c")) {
      join(channel, null);
      join(channel, null);
    }
    join(fragile, "presence-b", new Member("watcher", "{}"));
    flap("presence-b");
    join("presence-b", new Member("u", "{}"));
    loop.runAll();
    counted.clear();
    isBroken = true;
    clock.advance(Duration.ofSeconds(1));
    assertThatThrownBy(channels::sweep).hasRootCauseMessage("on purpose");
    assertThat(counted).containsExactlyInAnyOrder("a 2", "c 2");
  }

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 200)).value();
  }
}
