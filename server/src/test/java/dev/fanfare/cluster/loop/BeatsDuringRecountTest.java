package dev.fanfare.cluster.loop;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.cluster.datagram.Seal;
import dev.fanfare.observe.Readiness;
import dev.fanfare.testing.ClusterNodes;
import dev.fanfare.testing.MemoryWire;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// A node whose queue was too full for all facts says in no beat that the other nodes have
/// everything, until the facts are counted again: other nodes keep recent events for what is
/// missing.
final class BeatsDuringRecountTest {

  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final int FACTS_OF_A_STEP = 1_024;

  private enum Phase {
    BEFORE,
    RECOUNT,
    AFTER
  }

  /// Changed and read by the cluster's thread of the first node, which also sends the beats.
  private volatile Phase phase = Phase.BEFORE;

  private volatile boolean mayEnd;

  /// How far a beat says that the link goes: a generation, or 0.
  private final List<Long> duringRecount = new CopyOnWriteArrayList<>();

  private final List<Long> afterRecount = new CopyOnWriteArrayList<>();
  private final CountDownLatch isStuck = new CountDownLatch(1);
  private final CountDownLatch isFree = new CountDownLatch(1);

  private final MemoryWire.Engine engine = new MemoryWire.Engine();
  private final Cluster first = ClusterNodes.make(observed(engine.wire("test")), "first");
  private final Cluster second = ClusterNodes.make(engine.wire("test"), "second");

  private Wire observed(Wire wire) {
    return new Wire() {
      private final DatagramCodec codec = new DatagramCodec("test", 1, Seal.checksum());

      @Override
      public void open(long life, Receiver receiver) {
        wire.open(life, receiver);
      }

      @Override
      public boolean send(long to, byte[] datagram) {
        if (codec.read(datagram) instanceof DatagramCodec.Valid(_, Datagram.Beat beat)) {
          observe(beat);
        }
        return wire.send(to, datagram);
      }

      @Override
      public void reconnect(String why) {
        wire.reconnect(why);
      }

      @Override
      public int maxDatagramBytes() {
        return wire.maxDatagramBytes();
      }

      @Override
      public String address() {
        return wire.address();
      }

      @Override
      public void close() {
        wire.close();
      }
    };
  }

  private void observe(Datagram.Beat beat) {
    for (Datagram.Seen seen : beat.table()) {
      switch (phase) {
        case BEFORE -> {}
        case RECOUNT -> duringRecount.add(seen.openedGeneration());
        case AFTER -> afterRecount.add(seen.openedGeneration());
      }
    }
  }

  /// Facts without end, until the test has seen enough beats.
  private Iterator<Runnable> facts() {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        phase = mayEnd ? Phase.AFTER : Phase.RECOUNT;
        return !mayEnd;
      }

      @Override
      public Runnable next() {
        return () -> {
          for (int i = 0; i < FACTS_OF_A_STEP; i++) {
            first.publish(new BusMessage.Interest("1", "c", 1, 0));
          }
        };
      }
    };
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
  void noBeatConfirmsAnything() {
    first.onMessage((_, message, _) -> getStuck(message));
    first.start(new Readiness(), this::facts);
    second.start(new Readiness(), List.of());
    try (first;
        second) {
      ClusterNodes.awaitJoined(List.of(first, second));
      second.publish(new BusMessage.TerminateUser("1", "u"));
      waitFor(isStuck);
      for (int i = 0; i <= Outgoing.MAX_MESSAGES; i++) {
        first.publish(new BusMessage.Interest("1", "channel-" + i, 1, 0));
      }
      isFree.countDown();
      await().atMost(PATIENCE).until(() -> duringRecount.size() >= 3);
      mayEnd = true;
      await().atMost(PATIENCE).until(() -> afterRecount.stream().anyMatch(opened -> opened > 0));
      assertThat(duringRecount).containsOnly(0L);
    }
  }
}
