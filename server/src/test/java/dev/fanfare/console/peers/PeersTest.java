package dev.fanfare.console.peers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.testing.ManualClock;
import dev.fanfare.testing.MemoryBus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Three consoles on a bus in memory.
final class PeersTest {

  private static final long PATIENCE_MS = 20_000;

  private final ManualClock clock = new ManualClock();
  private final List<MemoryBus> buses = MemoryBus.join(3);
  private final List<Console> consoles = new ArrayList<>();

  PeersTest() {
    for (int i = 0; i < buses.size(); i++) {
      consoles.add(new Console("node-" + i, buses.get(i)));
    }
  }

  @AfterEach
  void close() {
    consoles.forEach(console -> console.released.countDown());
    consoles.forEach(console -> console.peers.close());
    buses.forEach(MemoryBus::close);
  }

  /// The console of one node.
  private final class Console implements Host {
    final String name;
    final Peers peers;
    final List<String> asked = new ArrayList<>();
    final BlockingQueue<String> parts = new LinkedBlockingQueue<>();
    final AtomicInteger opened = new AtomicInteger();
    final AtomicBoolean isSilent = new AtomicBoolean();
    final CountDownLatch released = new CountDownLatch(1);

    Console(String name, MemoryBus bus) {
      this.name = name;
      this.peers = new Peers(bus, clock, this);
      bus.onMessage((_, message, _) -> {
        if (message instanceof BusMessage.Direct) {
          peers.receive(message);
        }
      });
    }

    @Override
    public String answer(String appId, String target) {
      synchronized (asked) {
        asked.add(appId + " " + target);
      }
      if (isSilent.get()) {
        await();
      }
      return "{\"node\":\"" + name + "\"}";
    }

    private void await() {
      try {
        boolean _ = released.await(PATIENCE_MS, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public @Nullable Source open(String appId, String target) {
      opened.incrementAndGet();
      return new Source() {
        @Override
        public String next() throws InterruptedException {
          String part = parts.poll(5, TimeUnit.MILLISECONDS);
          return part == null ? "" : part;
        }

        @Override
        public boolean isOver() {
          return false;
        }

        @Override
        public void close() {
          opened.decrementAndGet();
        }
      };
    }
  }

  private static void eventually(BooleanSupplier condition) throws InterruptedException {
    long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(endNs);
      Thread.sleep(Duration.ofMillis(2));
    }
  }

  private static String next(Feed feed) throws InterruptedException {
    AtomicReference<@Nullable String> part = new AtomicReference<>();
    eventually(() -> {
      part.set(feed.poll());
      return part.get() != null;
    });
    return Objects.requireNonNull(part.get());
  }

  @Test
  void everyOtherNodeAnswers() throws InterruptedException {
    List<Peers.Answer> answers = consoles.getFirst().peers.ask("1", "/api/apps/1/channels?limit=5");
    assertThat(answers)
        .extracting(Peers.Answer::json)
        .containsExactlyInAnyOrder("{\"node\":\"node-1\"}", "{\"node\":\"node-2\"}");
    assertThat(consoles.get(1).asked).containsExactly("1 /api/apps/1/channels?limit=5");
    assertThat(consoles.getFirst().asked).isEmpty();
  }

  @Test
  void aNodeThatDoesNotAnswerIsSilentAndTheOthersAreNot() throws InterruptedException {
    consoles.get(1).isSilent.set(true);
    assertThat(consoles.getFirst().peers.ask("", "/api/overview"))
        .extracting(Peers.Answer::json)
        .containsExactlyInAnyOrder(null, "{\"node\":\"node-2\"}");
  }

  /// Requests that are not answered hold nothing but their permits.
  @Test
  void moreRequestsThanCanBeAnsweredAreDropped() throws InterruptedException {
    consoles.get(1).isSilent.set(true);
    for (int i = 0; i < 2 * Answering.MAX_REQUESTS; i++) {
      consoles
          .get(1)
          .peers
          .receive(new BusMessage.ConsoleRequest("", buses.getFirst().nodes().self(), i, "/api"));
    }
    eventually(() -> asked(1) == Answering.MAX_REQUESTS);
    consoles.get(1).isSilent.set(false);
    consoles.get(1).released.countDown();
    eventually(() -> {
      consoles
          .get(1)
          .peers
          .receive(new BusMessage.ConsoleRequest("", buses.getFirst().nodes().self(), 99, "/api"));
      return asked(1) > Answering.MAX_REQUESTS;
    });
  }

  private int asked(int node) {
    synchronized (consoles.get(node).asked) {
      return consoles.get(node).asked.size();
    }
  }

  @Test
  void aStreamOfAllOthersComesUntilItsLeaseEnds() throws InterruptedException {
    try (Feed feed = consoles.getFirst().peers.watch("1", Host.STREAM + "?app=1")) {
      consoles.get(1).parts.add("from 1");
      assertThat(next(feed)).isEqualTo("from 1");
      consoles.get(2).parts.add("from 2");
      assertThat(next(feed)).isEqualTo("from 2");

      clock.advance(Duration.ofSeconds(Peers.LEASE_SECONDS - 1));
      feed.renew();
      var _ = consoles.getFirst().peers.ask("", "/api/overview"); // arrives after the renewal
      clock.advance(Duration.ofSeconds(2));
      consoles.get(1).parts.add("after the first lease");
      assertThat(next(feed)).isEqualTo("after the first lease");
      assertThat(consoles.get(1).opened).hasValue(1);
    }
    clock.advance(Duration.ofSeconds(Peers.LEASE_SECONDS));
    eventually(() -> consoles.get(1).opened.get() == 0 && consoles.get(1).peers.streams() == 0);
  }

  @Test
  void whatNobodyTakesIsDroppedAndCounted() throws InterruptedException {
    try (Feed feed = consoles.getFirst().peers.watch("1", Host.STREAM + "?app=1")) {
      for (int i = 0; i < Feed.MAX_WAITING + 3; i++) {
        consoles.get(1).parts.add("part " + i);
      }
      int[] dropped = new int[1];
      eventually(() -> (dropped[0] += feed.takeDropped()) == 3);
      assertThat(next(feed)).isEqualTo("part 0");
    }
  }

  @Test
  void anAnswerThatFitsIntoNoMessageIsNotSent() throws InterruptedException {
    consoles.get(1).parts.add("x".repeat(Peers.MAX_BYTES + 1));
    consoles.get(1).parts.add("short");
    try (Feed feed = consoles.getFirst().peers.watch("1", Host.STREAM + "?app=1")) {
      assertThat(next(feed)).isEqualTo("short");
    }
  }
}
