package dev.fanfare.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.app.LiveApp;
import dev.fanfare.channel.Changes;
import dev.fanfare.channel.Channels;
import dev.fanfare.channel.Join;
import dev.fanfare.channel.lane.Frames;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscriber;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.SocketlessSubscriber;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Seeded random additions and removals, compared with a plain map, at small and large sizes.
final class SubscriptionsModelTest {

  private static final Frames NOTHING = () -> {};

  private final Lane lane = new Lane(0, Runnable::run, Runnable::run, () -> true, _ -> NOTHING);
  private final Channels channels =
      new Channels(new Lanes(List.of(lane)), Changes.NONE, new ManualClock());

  @Test
  void itAgreesWithAMapAtAnySize() {
    Random random = new Random(11);
    Subscriptions subscriptions = new Subscriptions();
    Map<String, Subscription> model = new HashMap<>();
    for (int step = 0; step < 20_000; step++) {
      int names = step < 10_000 ? 10 : 40;
      String name = "c" + random.nextInt(names);
      if (random.nextBoolean()) {
        assertThat(subscriptions.remove(name)).isSameAs(model.remove(name));
      } else if (!model.containsKey(name)) {
        Subscription subscription = subscription(name);
        subscriptions.add(subscription);
        model.put(name, subscription);
      }
      assertThat(subscriptions.size()).isEqualTo(model.size());
      assertThat(subscriptions.get(name)).isSameAs(model.get(name));
    }
    everyOneLeavesOnceThoughOneFails(subscriptions, model);
  }

  private static void everyOneLeavesOnceThoughOneFails(
      Subscriptions subscriptions, Map<String, Subscription> model) {
    List<Subscription> gone = new ArrayList<>();
    assertThatThrownBy(() ->
            subscriptions.leave(
                1_000,
                subscription -> {
                  if (gone.size() == 3) {
                    throw new IllegalStateException("the fourth");
                  }
                  gone.add(subscription);
                }))
        .hasMessage("the fourth");
    subscriptions.leave(2, gone::add);
    assertThat(gone).as("no more than wanted").hasSize(5);
    assertThat(subscriptions.size()).isEqualTo(model.size() - 5);
    subscriptions.leave(1_000, gone::add);
    assertThat(subscriptions.size()).isZero();
    assertThat(gone).containsExactlyInAnyOrderElementsOf(model.values());
  }

  private Subscription subscription(String name) {
    ChannelName channel =
        ((Parsed.Ok<ChannelName>) ChannelName.parse(name, Limits.HOSTED.maxChannelNameChars()))
            .value();
    Subscriber subscriber = new SocketlessSubscriber("1.1", lane);
    return ((Join.Joined) channels.join(new LiveApp(TestNode.APP), channel, subscriber, null))
        .subscription();
  }
}
