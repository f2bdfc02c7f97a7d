package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.LiveApp;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.KeptVersions;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Events of a cache channel that another node has published before a subscription here, and that
/// arrive after it: the channel had nothing newer for that subscriber, so it gets the last of them.
final class LateKeptEventTest {

  private static final LiveApp LIVE = new LiveApp(TestNode.APP);
  private static final ChannelName CHANNEL =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("cache-a", 200)).value();

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new);
  private final ManualClock clock = new ManualClock();
  private final Channels channels =
      new Channels(
          new Lanes(List.of(lane)),
          new Changes(List.of()),
          clock,
          new Share("caches", "", Long.MAX_VALUE),
          new Sharing(clock, clock::instant, 0, 1));
  private final KeptVersions publisher = new KeptVersions(2);
  private final FakeSubscriber older = new FakeSubscriber("1.1", lane);
  private final FakeSubscriber younger = new FakeSubscriber("1.2", lane);
  private final FakeSubscriber youngest = new FakeSubscriber("1.3", lane);

  @BeforeEach
  void subscribe() {
    clock.advance(Duration.ofMinutes(1));
    join(older);
  }

  private void join(FakeSubscriber subscriber) {
    Join.Joined joined = (Join.Joined) channels.join(LIVE, CHANNEL, subscriber, null);
    if (joined.kept() != null) {
      subscriber.received.add("kept " + joined.kept().data());
    }
    lane.onJoin(joined.subscription());
  }

  private static Publication publication(String data, Origin origin) {
    return new Publication(CHANNEL, "e", data, null, null, origin);
  }

  private BusMessage.Kept kept(String data) {
    return new BusMessage.Kept(
        LIVE.id(), publication(data, Origin.HTTP), publisher.next(1_000), 600_000);
  }

  private long ago(long seconds) {
    return clock.nanoTime() - Duration.ofSeconds(seconds).toNanos();
  }

  private void receive(BusMessage.Kept kept, long asOfNs) {
    channels.remoteKept(LIVE, kept, asOfNs, null);
    loop.runAll();
  }

  private void sweep() {
    clock.advance(Duration.ofMillis(400));
    channels.sweep();
    loop.runAll();
  }

  /// The data of its events, in the order of arrival, without subscription counts.
  private static List<String> events(FakeSubscriber subscriber) {
    return subscriber.received.stream()
        .filter(text -> !text.contains("subscription_count"))
        .map(text -> text.replaceAll(".*\"data\":\"(.*)\"}", "$1"))
        .toList();
  }

  @Test
  void oneThatWasUnderWayIsDeliveredAtOnce() {
    clock.advance(Duration.ofSeconds(1));
    join(younger);
    receive(kept("a"), ago(1));
    join(youngest);
    sweep();
    assertThat(events(older)).containsExactly("a");
    assertThat(events(younger)).containsExactly("a");
    assertThat(events(youngest)).containsExactly("kept a");
  }

  @Test
  void theLastOneOfAnOutageIsDeliveredWhenNoMoreFollow() {
    receive(kept("before"), ago(0));
    clock.advance(Duration.ofSeconds(30));
    join(younger);
    receive(kept("a"), ago(20));
    receive(kept("b"), ago(15));
    receive(kept("c"), ago(10));
    assertThat(events(older)).containsExactly("before", "a", "b", "c");
    assertThat(events(younger)).containsExactly("kept before");
    join(youngest);
    sweep();
    sweep();
    assertThat(events(older)).containsExactly("before", "a", "b", "c");
    assertThat(events(younger)).containsExactly("kept before", "c");
    assertThat(events(youngest)).containsExactly("kept c");
  }

  /// So that the events of a publisher keep their order.
  @Test
  void itIsDeliveredBeforeAnyLaterEvent() {
    clock.advance(Duration.ofSeconds(30));
    join(younger);
    receive(kept("a"), ago(10));
    channels.remoteEvent(LIVE, publication("client", Origin.CLIENT), ago(0), null);
    loop.runAll();
    sweep();
    assertThat(events(younger)).containsExactly("a", "client");
    assertThat(events(older)).containsExactly("a", "client");
  }

  @Test
  void itIsReplacedByANewerEvent() {
    clock.advance(Duration.ofSeconds(30));
    join(younger);
    receive(kept("a"), ago(10));
    channels.keep(LIVE, publication("here", Origin.HTTP), null);
    loop.runAll();
    sweep();
    assertThat(events(younger)).containsExactly("here");
    assertThat(events(older)).containsExactly("a", "here");
  }

  /// A snapshot shows only the last event. Those that it replaced follow for whom they are owed.
  @Test
  void afterASnapshotTheEventsFollowInOrder() {
    BusMessage.Kept a = kept("a");
    BusMessage.Kept b = kept("b");
    clock.advance(Duration.ofSeconds(30));
    join(younger);
    receive(b.asSnapshot(), ago(10));
    join(youngest);
    assertThat(events(older)).isEmpty();
    receive(a, ago(20));
    receive(b, ago(10));
    sweep();
    assertThat(events(older)).containsExactly("a", "b");
    assertThat(events(younger)).containsExactly("b");
    assertThat(events(youngest)).containsExactly("kept b");
  }
}
