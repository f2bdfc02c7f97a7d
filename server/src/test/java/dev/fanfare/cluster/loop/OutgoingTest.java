package dev.fanfare.cluster.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The queue from lanes to the cluster's thread: its order, its bounds, and what happens at them.
final class OutgoingTest {

  private final Outgoing outgoing = new Outgoing();

  private static BusMessage event(String data) {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse("news", 200)).value();
    return new BusMessage.Event("1", new Publication(name, "e", data, null, null, Origin.HTTP));
  }

  private static BusMessage fact(int count) {
    return new BusMessage.Interest("1", "news", count, 0);
  }

  private List<BusMessage> drain() {
    List<BusMessage> all = new ArrayList<>();
    BusMessage message;
    while ((message = outgoing.poll()) != null) {
      all.add(message);
    }
    return all;
  }

  @Test
  void messagesLeaveInTheirOrder() {
    List<BusMessage> messages = List.of(fact(1), event("a"), fact(2), event("b"));
    messages.forEach(outgoing::add);
    assertThat(drain()).isEqualTo(messages);
    assertThat(outgoing.isEmpty()).isTrue();
  }

  @Test
  void anEventAboveTheLimitOfMessagesIsDroppedAndCounted() {
    IntStream.range(0, Outgoing.MAX_MESSAGES).forEach(_ -> outgoing.add(event("a")));
    assertThat(outgoing.takeDropped()).isZero();
    outgoing.add(event("late"));
    outgoing.add(new BusMessage.TerminateUser("1", "u"));
    assertThat(outgoing.takeDropped()).isEqualTo(2);
    assertThat(outgoing.takeDropped()).as("counted once").isZero();
    assertThat(outgoing.takeIncomplete()).as("no fact is missing").isFalse();
    assertThat(drain()).hasSize(Outgoing.MAX_MESSAGES);
    outgoing.add(event("after"));
    assertThat(drain()).containsExactly(event("after"));
  }

  @Test
  void bytesAreBoundedToo() {
    String large = "x".repeat(1 << 20);
    IntStream.range(0, 16).forEach(_ -> outgoing.add(event(large)));
    assertThat(outgoing.takeDropped()).isZero();
    outgoing.add(event("small"));
    assertThat(outgoing.takeDropped()).isOne();
    assertThat(drain()).hasSize(16);
  }

  @Test
  void aFactThatDoesNotFitMakesTheFactsIncomplete() {
    IntStream.range(0, Outgoing.MAX_MESSAGES).forEach(_ -> outgoing.add(event("a")));
    outgoing.add(fact(7));
    assertThat(outgoing.takeDropped()).as("no event").isZero();
    assertThat(outgoing.takeIncomplete()).isTrue();
    assertThat(outgoing.takeIncomplete()).as("reported once").isFalse();
    outgoing.restate(fact(8));
    assertThat(outgoing.restated()).isOne();
    assertThat(drain()).endsWith(fact(8));
    assertThat(outgoing.restated()).isZero();
  }

  @Test
  void restatedFactsTakeNoRoomFromOthers() {
    IntStream.range(0, Outgoing.MAX_MESSAGES).forEach(_ -> outgoing.restate(fact(1)));
    outgoing.add(fact(2));
    outgoing.add(event("a"));
    assertThat(outgoing.takeIncomplete()).isFalse();
    assertThat(outgoing.takeDropped()).isZero();
    assertThat(drain()).hasSize(Outgoing.MAX_MESSAGES + 2).endsWith(fact(2), event("a"));
  }

  @Test
  void aLongQueueIsEmptiedEvenIfNoNodeNeedsIt() {
    assertThat(outgoing.isLong()).isFalse();
    IntStream.range(0, Outgoing.LONG_MESSAGES).forEach(_ -> outgoing.add(fact(1)));
    assertThat(outgoing.isLong()).isTrue();
    assertThat(drain()).hasSize(Outgoing.LONG_MESSAGES);
    assertThat(outgoing.isLong()).isFalse();
  }

  @Test
  void onlyCountsAreNotUrgent() {
    assertThat(Outgoing.isUrgent(event("a"))).isTrue();
    assertThat(Outgoing.isUrgent(new BusMessage.Interest("1", "c", 1, 0))).isTrue();
    assertThat(Outgoing.isUrgent(new BusMessage.Interest("1", "c", 2, 0))).isFalse();
    assertThat(Outgoing.isUrgent(new BusMessage.Interest("1", "c", 0, 0))).isTrue();
    assertThat(Outgoing.isUrgent(new BusMessage.Connections("1", 1))).isFalse();
    assertThat(Outgoing.isUrgent(new BusMessage.Online("1", "u"))).isTrue();
  }
}
