package dev.fanfare.bus;

import static java.util.concurrent.TimeUnit.MINUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What every [Bus] that joins nodes does.
abstract class BusContract {

  private static final int NODES = 3;
  private static final int MESSAGES = 200;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<? extends Bus> nodes = open(NODES);

  /// What each node has received.
  private final List<List<String>> received = new ArrayList<>();

  BusContract() {
    for (Bus node : nodes) {
      List<String> own = new CopyOnWriteArrayList<>();
      received.add(own);
      node.onMessage((_, message, _) -> receive(own, message));
    }
  }

  /// The connections of that many nodes to one bus, which knows them all.
  abstract List<? extends Bus> open(int count);

  @AfterEach
  void close() {
    nodes.forEach(Bus::close);
  }

  private static void receive(List<String> own, BusMessage message) {
    if (message instanceof BusMessage.TerminateUser user) {
      if (user.userId().equals("poison")) {
        throw new IllegalStateException("on purpose");
      }
      own.add(user.userId());
    }
  }

  private void publish(int node, String text) {
    nodes.get(node).publish(new BusMessage.TerminateUser("1", text));
  }

  private static List<String> numbers(String prefix) {
    return IntStream.range(0, MESSAGES).mapToObj(i -> prefix + i).toList();
  }

  private void awaitSize(int node, int size) {
    await().atMost(PATIENCE).until(() -> received.get(node).size() >= size);
  }

  @Test
  void everyOtherNodeReceivesEachMessageOnceAndInOrder() {
    numbers("a").forEach(text -> publish(0, text));
    numbers("b").forEach(text -> publish(1, text));
    awaitSize(0, MESSAGES);
    awaitSize(1, MESSAGES);
    awaitSize(2, 2 * MESSAGES);
    assertThat(received.get(0)).isEqualTo(numbers("b"));
    assertThat(received.get(1)).isEqualTo(numbers("a"));
    assertThat(received.get(2)).filteredOn(text -> text.startsWith("a")).isEqualTo(numbers("a"));
    assertThat(received.get(2)).filteredOn(text -> text.startsWith("b")).isEqualTo(numbers("b"));
  }

  /// As two threads do that publish to one channel while they hold its entry.
  @Test
  void whatIsPublishedUnderOneLockArrivesInItsOrder() throws InterruptedException {
    ReentrantLock entry = new ReentrantLock();
    List<String> decided = new ArrayList<>();
    List<Thread> threads = new ArrayList<>();
    for (String name : List.of("x", "y", "z")) {
      threads.add(
          Thread.ofPlatform()
              .start(() -> {
                for (String text : numbers(name)) {
                  entry.lock();
                  try {
                    decided.add(text);
                    publish(0, text);
                  } finally {
                    entry.unlock();
                  }
                }
              }));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    awaitSize(1, decided.size());
    awaitSize(2, decided.size());
    assertThat(received.get(1)).isEqualTo(decided);
    assertThat(received.get(2)).isEqualTo(decided);
  }

  /// Two nodes whose receivers need the lock under which they publish.
  @Test
  void publishersAndReceiversDoNotWaitForEachOther() throws InterruptedException {
    CountDownLatch done = new CountDownLatch(2 * MESSAGES);
    List<Thread> threads = new ArrayList<>();
    for (int node = 0; node < 2; node++) {
      ReentrantLock entry = new ReentrantLock();
      nodes.get(node).onMessage((_, _, _) -> locked(entry, done::countDown));
      int publisher = node;
      Runnable work = () -> numbers("").forEach(n -> locked(entry, () -> publish(publisher, n)));
      threads.add(Thread.ofPlatform().daemon().start(work));
    }
    waitFor(done);
    for (Thread thread : threads) {
      thread.join();
    }
  }

  private static void locked(ReentrantLock lock, Runnable work) {
    lock.lock();
    try {
      work.run();
    } finally {
      lock.unlock();
    }
  }

  @Test
  void aReceiverThatIsStuckDelaysNoPublisherAndNoOtherNode() {
    CountDownLatch isFree = new CountDownLatch(1);
    List<String> late = received.get(1);
    nodes
        .get(1)
        .onMessage((_, message, _) -> {
          waitFor(isFree);
          receive(late, message);
        });
    numbers("n").forEach(text -> publish(0, text));
    awaitSize(2, MESSAGES);
    assertThat(late).isEmpty();
    isFree.countDown();
    awaitSize(1, MESSAGES);
    assertThat(late).isEqualTo(numbers("n"));
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReceiverThatFailsGetsTheNextMessage() {
    publish(0, "poison");
    publish(0, "next");
    awaitSize(1, 1);
    awaitSize(2, 1);
    assertThat(received.get(1)).containsExactly("next");
    assertThat(received.get(2)).containsExactly("next");
  }

  @Test
  void aNodeThatHasLeftReceivesAndSendsNothingAndHarmsNone() {
    nodes.get(1).close();
    nodes.get(1).close();
    publish(1, "from the dead");
    publish(0, "after");
    awaitSize(2, 1);
    assertThat(received.get(2)).containsExactly("after");
    assertThat(received.get(1)).isEmpty();
    assertThat(received.get(0)).isEmpty();
  }
}
