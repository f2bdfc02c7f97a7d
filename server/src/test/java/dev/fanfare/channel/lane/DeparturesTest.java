package dev.fanfare.channel.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.testing.InlineLoop;
import dev.fanfare.testing.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Turn by turn, by a clock that stands still unless the test moves it.
final class DeparturesTest {

  private final InlineLoop loop = new InlineLoop();
  private final ManualClock clock = new ManualClock();
  private final Departures departures = new Departures(loop, clock);
  private final List<String> done = new ArrayList<>();

  @Test
  void anIdleLaneHandlesOneSlicePerTurn() {
    departures.add(slices("a", 3), () -> done.add("a is gone"));
    departures.add(slices("b", 1), () -> done.add("b is gone"));
    assertThat(done).isEmpty();
    for (int turns = 1; turns <= 4; turns++) {
      assertThat(loop.runOne()).isTrue();
      assertThat(done.stream().filter(text -> text.length() == 1)).hasSize(turns);
    }
    assertThat(done).containsExactly("a", "a", "a", "a is gone", "b", "b is gone");
    assertThat(loop.runOne()).as("nothing is left").isFalse();
  }

  /// With slices of a millisecond.
  @Test
  void aBusyLaneHandlesSlicesForAThirdOfTheTimeThatOthersTook() {
    departures.add(slices("a", 1_000), () -> {});
    clock.advance(Duration.ofSeconds(1));
    assertThat(slicesOfNextTurn()).as("the first turn").isEqualTo(1);
    clock.advance(Duration.ofMillis(9));
    assertThat(slicesOfNextTurn()).isEqualTo(3);
    clock.advance(Duration.ofSeconds(1));
    assertThat(slicesOfNextTurn()).as("never for long").isEqualTo(5);
    assertThat(slicesOfNextTurn()).as("directly after that").isEqualTo(1);
  }

  private int slicesOfNextTurn() {
    int before = done.size();
    assertThat(loop.runOne()).isTrue();
    return done.size() - before;
  }

  @Test
  void aSliceThatFailsIsRepeatedAndGivenUpAfterTheThirdTime() {
    int[] failures = {2};
    BooleanSupplier rest = slices("a", 2);
    departures.add(
        () -> {
          if (failures[0]-- > 0) {
            throw new IllegalStateException("a fault of the test");
          }
          return rest.getAsBoolean();
        },
        () -> done.add("a is gone"));
    departures.add(
        () -> {
          done.add("b");
          throw new IllegalStateException("a fault of the test");
        },
        () -> {
          done.add("b is gone");
          throw new IllegalStateException("a fault of the test");
        });
    departures.add(slices("c", 1), () -> done.add("c is gone"));
    loop.runAll();
    assertThat(done)
        .containsExactly("a", "a", "a is gone", "b", "b", "b", "b is gone", "c", "c is gone");
  }

  @Test
  void aTaskRunsWhenAllThatWereThereAreGone() {
    departures.whenDone(() -> done.add("at once"));
    assertThat(done).containsExactly("at once");
    departures.add(slices("a", 2), () -> done.add("a is gone"));
    departures.whenDone(() -> done.add("then"));
    departures.add(slices("b", 1), () -> done.add("b is gone"));
    loop.runAll();
    assertThat(done).containsExactly("at once", "a", "a", "a is gone", "then", "b", "b is gone");
  }

  /// So many slices, each of a millisecond.
  private BooleanSupplier slices(String name, int count) {
    int[] left = {count};
    return () -> {
      done.add(name);
      clock.advance(name.equals("a") && count == 1_000 ? Duration.ofMillis(1) : Duration.ZERO);
      return --left[0] == 0;
    };
  }
}
