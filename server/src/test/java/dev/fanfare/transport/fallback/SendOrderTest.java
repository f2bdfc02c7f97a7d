package dev.fanfare.transport.fallback;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Requests that overtake each other, in any order.
final class SendOrderTest {

  private static List<Integer> all(SendOrder<Integer> order, boolean isOverdue) {
    List<Integer> sends = new ArrayList<>();
    Integer next;
    while ((next = order.poll(isOverdue)) != null) {
      sends.add(next);
    }
    return sends;
  }

  @Test
  void whatSeemsEarlyIsHeldUntilTheRestArrivesOrTimeIsOver() {
    SendOrder<Integer> order = new SendOrder<>();
    order.onSeen(7);
    order.add(9, 9);
    assertThat(all(order, false)).isEmpty();
    order.add(10, 10);
    order.add(8, 8);
    assertThat(all(order, false)).containsExactly(8, 9, 10);
    order.add(14, 14);
    order.onSeen(11);
    assertThat(all(order, false)).isEmpty();
    assertThat(order.isEmpty()).isFalse();
    assertThat(all(order, true)).containsExactly(14);
    order.add(12, 12);
    assertThat(all(order, false)).as("it comes too late to be put in order").containsExactly(12);
    order.add(-1, 0);
    order.add(15, 15);
    assertThat(all(order, false)).containsExactly(0, 15);
    assertThat(order.isEmpty()).isTrue();
  }

  @Test
  void anyOrderOfArrivalComesOutInOrderAndNothingIsLost() {
    for (int seed = 0; seed < 2_000; seed++) {
      Random random = new Random(seed);
      SendOrder<Integer> order = new SendOrder<>();
      int first = random.nextInt(1_000);
      order.onSeen(first);
      List<Integer> arrivals = new ArrayList<>();
      for (int i = 1; i <= 12; i++) {
        arrivals.add(first + i);
      }
      java.util.Collections.shuffle(arrivals, random);
      List<Integer> sends = new ArrayList<>();
      List<Integer> expected = new ArrayList<>();
      for (int number : arrivals) {
        if (random.nextInt(4) == 0) {
          order.onSeen(number); // a poll of the same client
        } else {
          order.add(number, number);
          expected.add(number);
        }
        sends.addAll(all(order, false));
      }
      assertThat(sends).as("seed " + seed).isSorted().hasSameElementsAs(expected);
      assertThat(order.isEmpty()).isTrue();
    }
  }

  @Test
  void numbersOfOtherRequestsAreNotKeptWithoutEnd() {
    SendOrder<Integer> order = new SendOrder<>();
    order.onSeen(1);
    for (int i = 0; i < 1_000; i++) {
      order.onSeen(3 + 2 * i);
    }
    order.add(2_002, 5);
    assertThat(all(order, true)).containsExactly(5);
  }
}
