package dev.fanfare.webhook.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A queue of ids behaves like one of the JDK, whatever was added and removed at its ends.
final class IdQueueTest {

  private static final int STEPS = 2_000;

  @Test
  void bothEndsKeepTheOrderWhileTheQueueGrowsAndShrinks() {
    Random random = new Random(5);
    IdQueue queue = new IdQueue();
    Deque<Long> expected = new ArrayDeque<>();
    for (int step = 0; step < STEPS; step++) {
      boolean isGrowing = step < STEPS / 2;
      boolean isFirst = random.nextBoolean();
      if (random.nextInt(4) > 0 == isGrowing) {
        add(queue, expected, isFirst, step);
      } else if (!expected.isEmpty()) {
        assertThat(isFirst ? queue.removeFirst() : queue.removeLast())
            .isEqualTo(isFirst ? expected.removeFirst() : expected.removeLast());
      }
      assertThat(queue.size()).isEqualTo(expected.size());
    }
    while (!expected.isEmpty()) {
      assertThat(queue.first()).isEqualTo(expected.getFirst());
      assertThat(queue.removeFirst()).isEqualTo(expected.removeFirst());
    }
    assertThat(queue.isEmpty()).isTrue();
  }

  private static void add(IdQueue queue, Deque<Long> expected, boolean isFirst, long id) {
    if (isFirst) {
      queue.addFirst(id);
      expected.addFirst(id);
    } else {
      queue.addLast(id);
      expected.addLast(id);
    }
  }
}
