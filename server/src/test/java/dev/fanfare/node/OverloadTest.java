package dev.fanfare.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.Shedding.Level;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// When load is shed, and when a collection is requested to find out. `SheddingTest` fills real
/// memory.
final class OverloadTest {

  private final ManualClock clock = new ManualClock();
  private final SmallHeap heap = new SmallHeap(clock);
  private final LiveHeap live = new LiveHeap(heap, clock);

  private static Ladder ladder(int steps) {
    return new Ladder(new double[] {0.8, 0.9, 0.95}, new double[] {0.7, 0.85, 0.92}, steps);
  }

  @Test
  void eachLevelHasAThresholdAndEndsOnlyClearlyBelowIt() {
    Ladder ladder = ladder(3);
    assertThat(ladder.update(0.79)).isEqualTo(Level.NONE);
    assertThat(ladder.update(0.80)).isEqualTo(Level.CONNECTIONS);
    assertThat(ladder.update(0.71)).isEqualTo(Level.CONNECTIONS);
    assertThat(ladder.update(0.90)).isEqualTo(Level.SUBSCRIPTIONS);
    assertThat(ladder.update(0.86)).isEqualTo(Level.SUBSCRIPTIONS);
    assertThat(ladder.update(0.95)).isEqualTo(Level.PUBLISHES);
    assertThat(ladder.update(0.93)).isEqualTo(Level.PUBLISHES);
    assertThat(ladder.update(0.91)).isEqualTo(Level.SUBSCRIPTIONS);
    assertThat(ladder.update(0.84)).isEqualTo(Level.CONNECTIONS);
    assertThat(ladder.update(0.69)).isEqualTo(Level.NONE);
  }

  @Test
  void pressureAroundAThresholdChangesTheLevelOnce() {
    Ladder ladder = ladder(3);
    for (int i = 0; i < 10; i++) {
      assertThat(ladder.update(i % 2 == 0 ? 0.91 : 0.89)).isEqualTo(Level.SUBSCRIPTIONS);
    }
  }

  @Test
  void aJumpReachesTheHighestLevelAtOnceUnlessLevelsAreLimited() {
    assertThat(ladder(3).update(1)).isEqualTo(Level.PUBLISHES);
    Ladder slow = ladder(1);
    assertThat(slow.update(1)).isEqualTo(Level.CONNECTIONS);
    assertThat(slow.update(1)).isEqualTo(Level.SUBSCRIPTIONS);
    assertThat(slow.update(1)).isEqualTo(Level.PUBLISHES);
    assertThat(slow.update(1)).isEqualTo(Level.PUBLISHES);
    assertThat(slow.update(0)).isEqualTo(Level.NONE);
  }

  @Test
  void garbageIsNoPressureAndIsNotCollectedWithoutNeed() {
    heap.used = 84;
    clock.advance(Duration.ofMinutes(1));
    assertThat(live.pressure(false)).isEqualTo(0);
    assertThat(heap.collections).isEqualTo(0);
  }

  @Test
  void aSpaceThatIsNearlyFullIsCollectedToKnowWhatIsLive() {
    heap.used = 90;
    heap.needed = 86;
    clock.advance(Duration.ofSeconds(1));
    assertThat(live.pressure(false)).isEqualTo(0.86);
    assertThat(live.sentence())
        .isEqualTo(
            "The server's memory is nearly full: 86 of 100 MB of the old generation are in use");
    heap.used = 87;
    clock.advance(Duration.ofMinutes(1));
    assertThat(live.pressure(false)).as("1 MB more changes little").isEqualTo(0.86);
    assertThat(heap.collections).isEqualTo(1);
  }

  @Test
  void collectionsTakeAtMostATenthOfTheTime() {
    heap.pause = Duration.ofSeconds(2);
    heap.used = 99;
    heap.needed = 90;
    clock.advance(Duration.ofSeconds(1));
    assertThat(live.pressure(true)).isEqualTo(0.90);
    heap.used = 99;
    clock.advance(Duration.ofSeconds(19));
    assertThat(live.pressure(true)).isEqualTo(0.90);
    assertThat(heap.collections).isEqualTo(1);
    clock.advance(Duration.ofSeconds(1));
    assertThat(live.pressure(true)).isEqualTo(0.90);
    assertThat(heap.collections).isEqualTo(2);
  }

  /// A node that refuses work allocates little, so the JVM would see no reason to collect.
  @Test
  void loadSheddingIsReviewedEveryThreeSeconds() {
    heap.used = 95;
    heap.live = 95;
    heap.needed = 10;
    clock.advance(Duration.ofSeconds(2));
    assertThat(live.pressure(true)).isEqualTo(0.95);
    clock.advance(Duration.ofSeconds(1));
    assertThat(live.pressure(true)).isEqualTo(0.10);
  }

  @Test
  void thisProcessHasAHeap() {
    HeapSpace space = HeapSpace.ofThisProcess();
    space.collect();
    assertThat(space.live()).isPositive().isLessThan(space.max());
    assertThat(space.used()).isPositive();
  }
}
