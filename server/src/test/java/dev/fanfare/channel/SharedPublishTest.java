package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.shared.SharedStore;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.protocol.PublicationBuilder;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.MemoryStreams;
import dev.fanfare.testing.TestNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What other nodes get of an event that nodes keep together.
final class SharedPublishTest {

  private static final LiveApp LIVE =
      new LiveApp(
          TestNode.APP.withHistory(
              List.of(HistoryRule.DEFAULTS.withStore(HistoryRule.Store.SHARED))));

  private final MemoryStreams.Engine engine = new MemoryStreams.Engine();
  private final List<BusMessage> sent = new ArrayList<>();
  private final InlineLoop loop = new InlineLoop();
  private final Lanes lanes =
      new Lanes(List.of(new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new)));
  private final ManualClock clock = new ManualClock();
  private final Channels channels =
      new Channels(
          lanes,
          Changes.NONE,
          clock,
          new Share("caches", "", Long.MAX_VALUE),
          new SharedStore(
              engine.node(),
              MemoryStore.unlimited(),
              () -> Instant.ofEpochMilli(engine.nowMs()),
              0),
          new Sharing(clock, clock::instant, 0, 1));
  private final Publisher publisher =
      new Publisher(channels, lanes, new RecordingBus(), Changes.NONE, new ServerListener() {});

  private final class RecordingBus implements Bus {
    @Override
    public void publish(BusMessage message) {
      sent.add(message);
    }

    @Override
    public void onMessage(Receiver receiver) {}

    @Override
    public void close() {}
  }

  private static Publication event(String data, int keepSeconds) {
    return switch (ChannelName.parse("feed-7", 100)) {
      case Parsed.Ok<ChannelName>(ChannelName name) ->
          PublicationBuilder.builder(new Publication(name, "e", data, null, null, Origin.HTTP))
              .keepSeconds(keepSeconds)
              .build();
      case Parsed.Bad<ChannelName> bad -> throw new AssertionError(bad.reason());
    };
  }

  /// @return the id that the publisher gets
  private @Nullable EventId publish(Publication event) {
    List<Receipt> receipts = new ArrayList<>();
    assertThat(publisher.publish(LIVE, List.of(event), (_, _, receipt) -> receipts.add(receipt)))
        .isEqualTo(Parsed.PASSED);
    return receipts.getFirst().await();
  }

  private static BusMessage.Event withPlace(Publication event, EventId id, EventId previous) {
    return new BusMessage.Event(
        LIVE.id(),
        event,
        new BusMessage.Place(id.ms(), id.number(), previous.ms(), previous.number()));
  }

  @Test
  void anEventGoesOnWithItsIdAndTheOneBefore() {
    Publication first = event("1", Publication.AS_RULED);
    Publication second = event("2", Publication.AS_RULED);
    EventId one = publish(first);
    EventId two = publish(second);
    assertThat(one).isNotNull();
    assertThat(two).isNotNull().isGreaterThan(one);
    assertThat(sent)
        .containsExactly(withPlace(first, one, EventId.NONE), withPlace(second, two, one));
  }

  @Test
  void anEventThatIsNotToBeKeptGoesOnWithoutOne() {
    Publication event = event("1", 0);
    assertThat(publish(event)).isNull();
    assertThat(sent).containsExactly(new BusMessage.Event(LIVE.id(), event));
  }

  @Test
  void withoutTheEngineAnEventGoesOnAtOnce() {
    engine.stop();
    Publication event = event("1", Publication.AS_RULED);
    assertThat(publish(event)).isNull();
    assertThat(sent).hasSize(1);
    assertThat(sent.getFirst()).isInstanceOf(BusMessage.Event.class);
    BusMessage.Event first = (BusMessage.Event) sent.getFirst();
    assertThat(first.publication()).isEqualTo(event);
    assertThat(Objects.requireNonNull(first.place()).isUnkept()).isTrue();
  }
}
