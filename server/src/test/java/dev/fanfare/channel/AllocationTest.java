package dev.fanfare.channel;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.fanfare.app.LiveApp;
import dev.fanfare.bus.LocalBus;
import dev.fanfare.channel.lane.FakeSubscriber;
import dev.fanfare.channel.lane.Lane;
import dev.fanfare.channel.lane.Lanes;
import dev.fanfare.observe.ServerListener;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.TestNode;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the hot paths allocate. The limits hold for interpreted code; compiled code allocates less.
final class AllocationTest {

  private static final int ROUNDS = 5;
  private static final int CALLS = 1_000;

  /// A subscription, the result, a `Change` for each of the two, and what a hold on the entry
  /// needs.
  private static final int MOST_BYTES = 176;

  private static final LiveApp LIVE = new LiveApp(TestNode.APP);

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final InlineLoop loop = new InlineLoop();
  private final Lane lane = new Lane(0, loop, loop, () -> true, FakeSubscriber.TextFrames::new);
  private final Lanes lanes = new Lanes(List.of(lane));
  private final Changes changes = new Changes(List.of(new ObservedChanges(ServerListener.NONE)));
  private final Channels channels = new Channels(lanes, changes, new ManualClock());
  private final Publisher publisher =
      new Publisher(channels, lanes, new LocalBus(), changes, ServerListener.NONE);

  @Test
  void aPublishWithoutSubscribersAllocatesNothing() {
    List<Publication> events =
        List.of(new Publication(name("a"), "e", "x", null, null, Origin.HTTP));
    long bytes = perCall(() -> assertPassed(publisher.publish(LIVE, events)));
    assertThat(bytes).isZero();
  }

  @Test
  void aJoinAndALeaveAllocateLittle() {
    ChannelName name = name("a");
    Join _ = channels.join(LIVE, name, new FakeSubscriber("1.1", lane), null);
    FakeSubscriber subscriber = new FakeSubscriber("1.2", lane);
    long bytes =
        perCall(() -> {
          if (channels.join(LIVE, name, subscriber, null) instanceof Join.Joined joined) {
            channels.leave(joined.subscription(), LeaveCause.CLOSED);
          }
        });
    assertThat(bytes).isLessThanOrEqualTo(MOST_BYTES);
  }

  private static void assertPassed(Parsed<Parsed.Passed> result) {
    if (result != Parsed.PASSED) {
      throw new AssertionError(result);
    }
  }

  /// Bytes for each call, in the best of some rounds.
  private long perCall(Runnable call) {
    long best = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < CALLS; i++) {
        call.run();
      }
      best = Math.min(best, (threads.getCurrentThreadAllocatedBytes() - before) / CALLS);
    }
    return best;
  }

  private static ChannelName name(String name) {
    return ((Parsed.Ok<ChannelName>) ChannelName.parse(name, 200)).value();
  }
}
