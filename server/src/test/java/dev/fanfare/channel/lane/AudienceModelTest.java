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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Seeded random joins, leaves, messages and slices, compared with a simple model: each subscriber
/// gets, in order, the messages published between its join and its leave.
final class AudienceModelTest {

  private static final int STEPS = 1_000;

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
      switch (random.nextInt(6)) {
        case 0, 1 -> join();
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
    assertThat(turn.written).as("told once that everyone has it").doesNotHaveDuplicates();
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
