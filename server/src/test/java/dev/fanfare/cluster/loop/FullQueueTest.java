package dev.fanfare.cluster.loop;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.MeshListener.Loss;
import dev.fanfare.observe.Readiness;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.ClusterNodes;
import dev.fanfare.testing.MemoryWire;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A thread of the cluster that was stuck while its node decided more than the queue holds: events
/// are lost and counted, the state of the node is not.
final class FullQueueTest {

  private static final int CHANNELS = 50_000;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  /// What the first node owns. Changed and published under the entry, as channels do.
  private final ConcurrentMap<String, Integer> owned = new ConcurrentHashMap<>();

  /// What the second node has received.
  private final Map<String, Integer> received = new ConcurrentHashMap<>();

  private final MemoryWire.Engine engine = new MemoryWire.Engine();
  private final Cluster first = ClusterNodes.make(engine.wire("test"), "first");
  private final Cluster second = ClusterNodes.make(engine.wire("test"), "second");
  private final CountDownLatch isStuck = new CountDownLatch(1);
  private final CountDownLatch isFree = new CountDownLatch(1);

  private Iterator<Runnable> facts() {
    return owned.keySet().stream()
        .<Runnable>map(channel ->
            () ->
                owned.computeIfPresent(
                    channel,
                    (_, count) -> {
                      first.publish(new BusMessage.Interest("1", channel, count, 0));
                      return count;
                    }))
        .iterator();
  }

  private void decide(String channel, int count) {
    owned.compute(
        channel,
        (_, _) -> {
          first.publish(new BusMessage.Interest("1", channel, count, 0));
          return count == 0 ? null : count;
        });
  }

  private void apply(BusMessage message) {
    if (message instanceof BusMessage.Interest interest) {
      if (interest.count() == 0) {
        received.remove(interest.channel());
      } else {
        received.put(interest.channel(), interest.count());
      }
    }
  }

  private void getStuck(BusMessage message) {
    if (message instanceof BusMessage.TerminateUser) {
      isStuck.countDown();
      waitFor(isFree);
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void noFactIsLost() {
    first.onMessage((_, message, _) -> getStuck(message));
    second.onMessage((_, message, _) -> apply(message));
    first.start(new Readiness(), this::facts);
    second.start(new Readiness(), List.of());
    try (first;
        second) {
      ClusterNodes.awaitJoined(List.of(first, second));
      decide("stays", 1);
      decide("ends", 1);
      await().atMost(PATIENCE).until(() -> received.size() == 2);
      second.publish(new BusMessage.TerminateUser("1", "u"));
      waitFor(isStuck);
      for (int i = 0; i < CHANNELS; i++) {
        decide("channel-" + i, 1);
      }
      decide("ends", 0);
      for (int i = 0; i < CHANNELS; i += 2) {
        decide("channel-" + i, 0);
      }
      for (int i = 0; i < 10; i++) {
        first.publish(event());
      }
      isFree.countDown();
      await().atMost(PATIENCE).until(() -> received.equals(owned));
      assertThat(received).hasSize(CHANNELS / 2 + 1).containsKey("stays");
      await().atMost(PATIENCE).until(() -> lostAtQueue() == 10);
      decide("next", 1);
      await().atMost(PATIENCE).until(() -> received.containsKey("next"));
    }
  }

  private long lostAtQueue() {
    ClusterState state = first.state();
    return state == null ? 0 : state.mesh().totals().lost().getOrDefault(Loss.QUEUE, 0L);
  }

  private static BusMessage event() {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse("news", 200)).value();
    return new BusMessage.Event("1", new Publication(name, "e", "x", null, null, Origin.HTTP));
  }
}
