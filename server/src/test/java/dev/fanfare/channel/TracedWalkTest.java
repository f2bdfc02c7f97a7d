package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.DeliveryTrace;
import dev.fanfare.channel.lane.DeliveryTrace.Walk;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the lanes say about an event that is traced: of how many subscriptions, and what became of
/// them.
final class TracedWalkTest extends OneLane {

  private static final int STEPS = 400;
  private static final int SUBSCRIBERS = 300;

  /// What was noted about one event.
  private static final class Noted implements DeliveryTrace {
    int queued;
    final List<Walk> walks = new ArrayList<>();

    @Override
    public long id() {
      return 1;
    }

    @Override
    public void onQueued(int lane) {
      queued++;
    }

    @Override
    public void onWalked(int lane, Walk walk) {
      walks.add(walk);
    }
  }

  private final Map<String, Noted> byEvent = new HashMap<>();
  private final Publisher traced =
      new Publisher(
          channels,
          lanes,
          new LocalBus(),
          Changes.NONE,
          ServerListener.NONE,
          (_, event, _, _) -> byEvent.computeIfAbsent(event.event(), _ -> new Noted()));

  private void publishTraced(String channel, String event, String except) {
    Publication publication =
        new Publication(
            name(channel), event, "x", null, except.isEmpty() ? null : except, Origin.HTTP);
    var _ = traced.publish(LIVE, List.of(publication));
  }

  private Noted noted(String event) {
    return byEvent.getOrDefault(event, new Noted());
  }

  private List<Walk> walks(String event) {
    return noted(event).walks;
  }

  @Test
  void allAreReached() {
    join("c", subscriber("1.1"));
    join("c", subscriber("1.2"));
    publishTraced("c", "e", "");
    assertThat(noted("e").queued).isEqualTo(1);
    assertThat(walks("e")).isEmpty();
    loop.runAll();
    assertThat(walks("e")).containsExactly(new Walk(2, 2, 0, 0, 0));
  }

  @Test
  void theExcludedOneIsCountedAndOnlyForItsEvent() {
    join("c", subscriber("1.1"));
    join("c", subscriber("1.2"));
    publishTraced("c", "e", "1.2");
    publishTraced("c", "f", "");
    loop.runAll();
    assertThat(walks("e")).containsExactly(new Walk(2, 1, 1, 0, 0));
    assertThat(walks("f")).containsExactly(new Walk(2, 2, 0, 0, 0));
  }

  @Test
  void aChannelWithoutSubscribersIsQueuedNowhere() {
    publishTraced("c", "e", "");
    loop.runAll();
    assertThat(noted("e").queued).isZero();
    assertThat(walks("e")).isEmpty();
  }

  @Test
  void whoHasLeftBeforeTheWalkIsNotMatched() {
    join("c", subscriber("1.1"));
    Subscription gone = join("c", subscriber("1.2"), null);
    publishTraced("c", "e", "");
    lane.onLeave(gone);
    channels.leave(gone, LeaveCause.CLOSED);
    loop.runAll();
    assertThat(walks("e")).containsExactly(new Walk(1, 1, 0, 0, 0));
  }

  @Test
  void ifAllHaveLeftTheWalkIsOver() {
    Subscription gone = join("c", subscriber("1.2"), null);
    publishTraced("c", "e", "");
    lane.onLeave(gone);
    channels.leave(gone, LeaveCause.CLOSED);
    loop.runAll();
    assertThat(walks("e")).containsExactly(new Walk(0, 0, 0, 0, 0));
  }

  /// Joins, leaves, exclusions and turns in any order: each event that was queued is reported once,
  /// and reached are those that have received it.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void theNumbersAreThoseOfWhatWasReceived(long seed) {
    Random random = new Random(seed);
    Map<FakeSubscriber, Subscription> joined = new HashMap<>();
    List<FakeSubscriber> all = new ArrayList<>();
    for (int i = 0; i < SUBSCRIBERS; i++) {
      FakeSubscriber subscriber = subscriber("1." + i);
      all.add(subscriber);
      joined.put(subscriber, join("c", subscriber, null));
    }
    for (int step = 0; step < STEPS; step++) {
      FakeSubscriber one = all.get(random.nextInt(all.size()));
      switch (random.nextInt(4)) {
        case 0 -> {
          Subscription gone = joined.remove(one);
          if (gone == null) {
            joined.put(one, join("c", one, null));
          } else {
            lane.onLeave(gone);
            channels.leave(gone, LeaveCause.CLOSED);
          }
        }
        case 1 -> publishTraced("c", "e" + step, random.nextBoolean() ? one.socketId() : "");
        case 2 -> publishTraced("c", "e" + step, "");
        default -> loop.runOne();
      }
    }
    loop.runAll();
    assertThat(byEvent).isNotEmpty();
    Map<String, Integer> received = new HashMap<>();
    all.forEach(one -> events(one).forEach(event -> received.merge(event, 1, Integer::sum)));
    byEvent.forEach((event, noted) -> {
      assertThat(noted.walks).as(event).hasSize(1);
      Walk walk = noted.walks.getFirst();
      assertThat(walk.reached()).as(event).isEqualTo(received.getOrDefault(event, 0));
      assertThat(walk.reached() + walk.excluded() + walk.behind() + walk.closing())
          .as(event)
          .isEqualTo(walk.matched());
    });
  }
}
