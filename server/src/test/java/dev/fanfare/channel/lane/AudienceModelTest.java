package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.LaneTally;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random joins, leaves, messages and slices, compared with a simple model: each subscriber
/// gets, in order, the messages published between its join and its leave.
final class AudienceModelTest {

  private static final int STEPS = 1_000;

  /// Steps in which more join than leave, or the other way round.
  private static final int TIDE = 100;

  private final Lane lane =
      new Lane(0, Runnable::run, Runnable::run, () -> true, FakeSubscriber.TextFrames::new);
  private final Audiences channel = new Audiences(name(), 1) {};
  private final Audience audience = new Audience();
  private final Turn turn = new Turn(0, new LaneTally());

  /// Messages due to each current subscriber, oldest first.
  private final Map<Subscription, List<Integer>> due = new LinkedHashMap<>();

  private final List<Subscription> present = new ArrayList<>();
  private long sequence;
  private int published;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everySubscriberGetsExactlyItsMessagesInOrder(long seed) {
    Random random = new Random(seed);
    for (int step = 0; step < STEPS; step++) {
      // By turns a crowd comes, and leaves until no one is left, walks unfinished.
      boolean comes = step / TIDE % 2 == 0;
      switch (random.nextInt(6)) {
        case 0 -> join();
        case 1 -> {
          if (comes) {
            join();
          } else {
            leave(random);
          }
        }
        case 2 -> leave(random);
        case 3 -> publish();
        default -> deliver(1 + random.nextInt(4));
      }
    }
    while (audience.hasWork()) {
      deliver(3);
    }
    for (Subscription subscription : present) {
      FakeSubscriber subscriber = (FakeSubscriber) subscription.subscriber;
      List<Integer> received = numbers(subscriber);
      assertThat(received).isSorted().doesNotHaveDuplicates();
      assertThat(received).containsAll(due.getOrDefault(subscription, List.of()));
    }
    assertThat(FakeSubscriber.TextFrames.open).isZero();
    assertThat(turn.written).as("notified once that everyone has it").doesNotHaveDuplicates();
  }

  @Test
  void thoseNotReachedAreServedAlthoughAllThatWereReachedHaveLeft() {
    for (int i = 0; i < 6; i++) {
      join();
    }
    publish();
    deliver(2);
    audience.remove(present.get(4));
    audience.remove(present.get(5));
    audience.remove(present.get(0));
    // The last one took the place of the first; it must be found there.
    audience.remove(present.get(3));
    deliver(6);
    assertThat(numbers((FakeSubscriber) present.get(1).subscriber)).containsExactly(0);
    assertThat(numbers((FakeSubscriber) present.get(2).subscriber)).containsExactly(0);
    assertThat(audience.hasWork()).isFalse();
    assertThat(audience.size()).isEqualTo(2);
  }

  private void deliver(int budget) {
    audience.deliver(budget, FakeSubscriber.TextFrames::new, turn);
  }

  private void join() {
    FakeSubscriber subscriber = new FakeSubscriber("1." + sequence, lane);
    Subscription subscription = new Subscription.Plain(subscriber, channel, ++sequence, null);
    audience.add(subscription);
    present.add(subscription);
    due.put(subscription, new ArrayList<>());
  }

  private void leave(Random random) {
    if (present.isEmpty()) {
      return;
    }
    Subscription subscription = present.remove(random.nextInt(present.size()));
    audience.remove(subscription);
    due.remove(subscription);
  }

  private void publish() {
    if (audience.size() == 0) {
      return;
    }
    int number = published++;
    due.values().forEach(list -> list.add(number));
    audience.enqueue(
        Outbound.event(
            channel,
            new Publication(name(), "e", Integer.toString(number), null, null, Origin.HTTP)));
  }

  private static List<Integer> numbers(FakeSubscriber subscriber) {
    return subscriber.received.stream()
        .map(text -> Integer.valueOf(text.replaceAll("\\D", "")))
        .toList();
  }

  private static ChannelName name() {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse("c", Limits.HOSTED.maxChannelNameChars()))
        .value();
  }
}
