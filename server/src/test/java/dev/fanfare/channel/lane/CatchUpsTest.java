package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventLog;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.Start;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Many to whom the same events are replayed.
final class CatchUpsTest {

  private static final ChannelName FEED =
      ((Parsed.Ok<ChannelName>) ChannelName.parse("feed", 100)).value();

  /// Four blocks of a ring.
  private static final int EVENTS = 128;

  private static final int BLOCKS = 4;

  private final InlineLoop loop = new InlineLoop();
  private final Lane lane =
      new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new, 1_000_000);
  private final ManualClock clock = new ManualClock();
  private final Audiences channel = new Audiences(FEED, 1) {};
  private final EventLog log =
      MemoryStore.unlimited()
          .open(
              TestNode.APP,
              FEED,
              HistoryRule.DEFAULTS.withKeepEvents(1_000).withKeepBytes(1 << 30));

  @BeforeEach
  void countFrames() {
    FakeSubscriber.TextFrames.open = 0;
    FakeSubscriber.TextFrames.made = 0;
  }

  private void keep(String data) {
    for (int sequence = 1; sequence <= EVENTS; sequence++) {
      Publication publication = new Publication(FEED, "e", data, null, null, Origin.HTTP);
      var _ = log.append(publication, sequence, clock.nanoTime());
    }
  }

  private FakeSubscriber arrive(String socketId) {
    channel.countIn(0);
    FakeSubscriber subscriber = new FakeSubscriber(socketId, lane);
    Subscription subscription = new Subscription.Plain(subscriber, channel, EVENTS, null);
    CatchUp catchUp = new CatchUp(log, new Start(0, null, null, null, null), clock);
    catchUp.begin(subscription);
    lane.onJoin(subscription, catchUp);
    return subscriber;
  }

  @Test
  void whoComesTurnsLaterSharesTheFramesOfThoseBefore() {
    keep("x");
    FakeSubscriber first = arrive("1.1");
    boolean _ = loop.runOne();
    boolean _ = loop.runOne();
    FakeSubscriber second = arrive("1.2");
    loop.runAll();
    assertThat(first.received).hasSize(EVENTS).isEqualTo(second.received);
    assertThat(FakeSubscriber.TextFrames.made).isEqualTo(BLOCKS);
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  @Test
  void framesAreForgottenOnceNobodyIsServed() {
    keep("x");
    FakeSubscriber subscriber = arrive("1.1");
    boolean _ = loop.runOne();
    assertThat(FakeSubscriber.TextFrames.open).isEqualTo(1);
    subscriber.isSlow = true;
    loop.runAll();
    assertThat(FakeSubscriber.TextFrames.open).isZero();
    subscriber.read();
    loop.runAll();
    assertThat(subscriber.received).hasSize(EVENTS);
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }

  @Test
  void noMoreFramesAreKeptThanTheBoundAllows() {
    int bytes = CatchUps.MAX_SHARED_BYTES / EVENTS;
    keep("x".repeat(bytes));
    FakeSubscriber first = arrive("1.1");
    FakeSubscriber.TextFrames.made = 0;
    int most = 0;
    while (loop.runOne()) {
      most = Math.max(most, FakeSubscriber.TextFrames.open);
    }
    assertThat(first.received).hasSize(EVENTS);
    assertThat(most).isLessThan(FakeSubscriber.TextFrames.made);
    assertThat(FakeSubscriber.TextFrames.open).isZero();
  }
}
