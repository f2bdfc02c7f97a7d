package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.App;
import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.channel.lane.Subscription;
import dev.fanfare.history.KeptEvent;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a publish causes on this node, and what an event of another node causes.
final class PublisherTest {

  private static final LiveApp LIVE = new LiveApp(TestNode.APP);

  private final List<BusMessage> sent = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final List<String> counted = new ArrayList<>();
  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new);
  private final Lanes lanes = new Lanes(List.of(lane));
  private final Bus bus = new RecordingBus();
  private final Changes sink = new Changes(List.of(changes::add, new SharedChanges(bus)));
  private final ManualClock clock = new ManualClock();
  private final Channels channels =
      new Channels(
          lanes,
          sink,
          clock,
          new Share("caches", "", Long.MAX_VALUE),
          new Sharing(clock, clock::instant, 0, 1));
  private final Publisher publisher =
      new Publisher(
          channels,
          lanes,
          bus,
          sink,
          new ServerListener() {
            @Override
            public void published(App app, String channel, Origin origin, int dataChars) {
              counted.add(channel + " " + origin);
            }
          });
  private final FakeSubscriber subscriber = new FakeSubscriber("1.1", lane);

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

  private Subscription join(String channel) {
    Join.Joined joined = (Join.Joined) channels.join(LIVE, name(channel), subscriber, null);
    lane.onJoin(joined.subscription());
    changes.clear();
    sent.clear();
    return joined.subscription();
  }

  private static Publication event(String channel, String event, Origin origin) {
    return new Publication(name(channel), event, "1", null, null, origin);
  }

  @Test
  void aPublishGoesToTheBusTheLanesAndTheMetricsOnce() {
    Publication plain = event("a", "plain", Origin.HTTP);
    Publication kept = event("cache-a", "kept", Origin.HTTP);
    Publication elsewhere = event("b", "elsewhere", Origin.HTTP);
    join("a");
    join("cache-a");
    List<String> accepted = new ArrayList<>();
    assertThat(
            publisher.publish(
                LIVE,
                List.of(plain, kept, elsewhere),
                (event, subscribers, _) -> accepted.add(event.event() + " " + subscribers)))
        .isEqualTo(Parsed.PASSED);
    loop.runAll();
    assertThat(sent)
        .containsExactly(
            new BusMessage.Event(LIVE.id(), plain),
            kept(kept, sent.get(1)),
            new BusMessage.Event(LIVE.id(), elsewhere));
    assertThat(accepted).containsExactly("plain 1", "kept 1", "elsewhere 0");
    assertThat(counted).containsExactly("a HTTP", "cache-a HTTP", "b HTTP");
    assertThat(received("plain")).isEqualTo(1);
    assertThat(received("kept")).isEqualTo(1);
    assertThat(changes).hasSize(1);
    assertThat(changes.getFirst())
        .isInstanceOfSatisfying(
            Change.Kept.class,
            change -> {
              assertThat(change.event().publication()).isSameAs(kept);
              assertThat(change.isRemote()).isFalse();
            });
  }

  @Test
  void aSingleEventIsPublishedInTheSameWay() {
    Publication plain = event("a", "plain", Origin.HTTP);
    join("a");
    List<String> accepted = new ArrayList<>();
    assertThat(
            publisher.publish(
                LIVE,
                List.of(plain),
                (event, subscribers, _) -> accepted.add(event.event() + " " + subscribers)))
        .isEqualTo(Parsed.PASSED);
    loop.runAll();
    assertThat(sent).containsExactly(new BusMessage.Event(LIVE.id(), plain));
    assertThat(accepted).containsExactly("plain 1");
    assertThat(counted).containsExactly("a HTTP");
    assertThat(received("plain")).isEqualTo(1);
  }

  @Test
  void aClientEventIsReportedOnceItIsAccepted() {
    Subscription sender = join("private-a");
    Publication event = event("private-a", "client-e", Origin.CLIENT);
    assertThat(publisher.relay(LIVE, sender, event)).isEqualTo(Parsed.PASSED);
    assertThat(sent).containsExactly(new BusMessage.Event(LIVE.id(), event));
    assertThat(counted).containsExactly("private-a CLIENT");
    assertThat(changes)
        .containsExactly(new Change.ClientEvent(TestNode.APP, Channel.of(sender), event));
  }

  /// Else it would be sent, counted and reported to webhooks by every node.
  @Test
  void anEventOfAnotherNodeIsDeliveredAndNothingElse() {
    join("a");
    join("cache-a");
    Publication kept = event("cache-a", "kept", Origin.HTTP);
    long nowNs = clock.nanoTime();
    publisher.deliverFromBus(
        LIVE, new BusMessage.Event(LIVE.id(), event("a", "plain", Origin.HTTP)), nowNs);
    publisher.deliverFromBus(
        LIVE, new BusMessage.Event(LIVE.id(), event("a", "client-e", Origin.CLIENT)), nowNs);
    publisher.deliverFromBus(
        LIVE, new BusMessage.Event(LIVE.id(), event("unknown", "dropped", Origin.HTTP)), nowNs);
    channels.remoteKept(LIVE, new BusMessage.Kept(LIVE.id(), kept, 1, 1_000), nowNs, null);
    loop.runAll();
    assertThat(received("plain")).isEqualTo(1);
    assertThat(received("client-e")).isEqualTo(1);
    assertThat(received("kept")).isEqualTo(1);
    assertThat(sent).isEmpty();
    assertThat(counted).isEmpty();
    assertThat(channels.find(TestNode.APP, "unknown")).isNull();
    assertThat(changes)
        .singleElement()
        .isInstanceOfSatisfying(
            Change.Kept.class, change -> assertThat(change.isRemote()).isTrue());
    KeptEvent found = channels.kept(TestNode.APP, "cache-a");
    assertThat(found == null ? null : found.publication()).isSameAs(kept);
  }

  /// As the bus carries it: with a version that the channel chose.
  private static BusMessage kept(Publication publication, BusMessage sent) {
    long version = ((BusMessage.Kept) sent).version();
    int ttlSeconds = TestNode.APP.limits().cacheTtlSeconds();
    return new BusMessage.Kept(LIVE.id(), publication, version, ttlSeconds * 1_000L);
  }

  private long received(String event) {
    return subscriber.received.stream()
        .filter(text -> text.startsWith("{\"event\":\"" + event + "\""))
        .count();
  }

  private static ChannelName name(String channel) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 200)).value();
  }
}
