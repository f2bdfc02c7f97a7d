package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.channel.OneLane;
import dev.fanfare.protocol.ServerMessage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Facts and events of one lane: neither keeps the other waiting.
final class LaneFactsTest extends OneLane {

  @Test
  void factsLeaveTheRoomToEvents() {
    FakeSubscriber a = subscriber("1.1");
    Audiences channel = join("c", a, null).channel;
    loop.runAll();
    for (int i = 0; i < Lane.MAX_PENDING; i++) {
      lane.enqueue(Outbound.fact(channel, new ServerMessage.SubscriptionCount("c", i), 1_000 + i));
    }
    assertThat(lane.waiting()).isEqualTo(Lane.MAX_PENDING);
    assertThat(publish("c", "e", null)).isTrue();
    assertThat(lane.waiting()).isEqualTo(Lane.MAX_PENDING + 1);
    loop.runAll();
    assertThat(events(a)).containsExactly("e");
    assertThat(lane.waiting()).isZero();
  }

  /// Clients who join and leave thousands of channels cause as many counts.
  @Test
  void anEventDoesNotWaitForTheFactsOfOtherChannels() {
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < 3 * Lane.MAX_TURN; i++) {
      many.add(subscriber("1." + i));
      sendFact(join("c" + i, many.getLast(), null).channel);
    }
    FakeSubscriber bystander = subscriber("2.1");
    join("news", bystander);
    loop.runOne();
    assertThat(served(many)).isEqualTo(Lane.MAX_TURN);
    publish("news", "one", null);
    loop.runOne();
    assertThat(events(bystander)).containsExactly("one");
    loop.runAll();
    assertThat(many).allSatisfy(s -> assertThat(s.received).hasSize(1));
    assertThat(lane.waiting()).isZero();
  }

  @Test
  void factsHavePartOfEachTurnWhileEventsWait() {
    FakeSubscriber first = subscriber("1.1");
    FakeSubscriber second = subscriber("1.2");
    sendFact(join("first", first, null).channel);
    sendFact(join("second", second, null).channel);
    for (int i = 0; i < 3 * Lane.MAX_TURN; i++) {
      join("news", subscriber("2." + i));
      join("c" + i, subscriber("3." + i));
      publish("c" + i, "e", null);
    }
    publish("news", "one", null);
    loop.runOne();
    assertThat(first.received).hasSize(1);
    assertThat(second.received).hasSize(1);
  }

  @Test
  void aFactAndAnEventOfOneChannelKeepTheirOrder() {
    List<FakeSubscriber> many = new ArrayList<>();
    for (int i = 0; i < 3 * Lane.MAX_TURN; i++) {
      many.add(subscriber("1." + i));
      sendFact(join("c" + i, many.getLast(), null).channel);
    }
    loop.runOne();
    for (int i = 0; i < many.size(); i++) {
      publish("c" + i, "e", null);
    }
    loop.runAll();
    assertThat(many)
        .allSatisfy(s -> {
          assertThat(s.received).hasSize(2);
          assertThat(s.received.getFirst()).contains("subscription_count");
        });
  }

  private void sendFact(Audiences channel) {
    lane.enqueue(
        Outbound.fact(
            channel,
            new ServerMessage.SubscriptionCount(channel.name().value(), 1),
            nextSequence(channel)));
  }
}
