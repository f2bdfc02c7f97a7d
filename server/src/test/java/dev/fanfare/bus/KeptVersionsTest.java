package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The order of what several nodes keep in one cache channel.
final class KeptVersionsTest {

  private final KeptVersions here = new KeptVersions(1);
  private final KeptVersions there = new KeptVersions(2);

  @Test
  void aNodeCountsOnFromWhatItKnows() {
    long first = here.next(1_000);
    assertThat(there.add(first)).isTrue();
    long second = there.next(500);
    assertThat(second).as("although its wall clock is late").isGreaterThan(first);
    assertThat(here.add(second)).isTrue();
    assertThat(here.next(1_000)).isGreaterThan(second);
  }

  @Test
  void twoNodesNeverChooseTheSame() {
    long mine = here.next(1_000);
    long other = there.next(1_000);
    assertThat(mine).isNotEqualTo(other);
    assertThat(here.add(other)).isTrue();
    assertThat(there.add(mine)).isTrue();
    assertThat(here.highest()).isEqualTo(there.highest()).isEqualTo(Math.max(mine, other));
  }

  /// A snapshot repeats what a node has kept.
  @Test
  void whatIsKnownIsNotNew() {
    long first = there.next(1_000);
    long second = there.next(1_000);
    assertThat(here.add(second)).isTrue();
    assertThat(here.add(second)).as("again").isFalse();
    assertThat(here.add(first)).as("older, of the same node").isFalse();
    assertThat(here.add(new KeptVersions(3).next(1))).as("older, of another node").isTrue();
    assertThat(here.highest()).isEqualTo(second);
  }

  @Test
  void theHighestOfManyOriginsIsRemembered() {
    long highest = 0;
    for (int origin = 10; origin < 60; origin++) {
      long version = new KeptVersions(origin).next(1_000 + origin);
      assertThat(here.add(version)).isTrue();
      highest = Math.max(highest, version);
    }
    assertThat(here.highest()).isEqualTo(highest);
    assertThat(here.add(highest)).isFalse();
  }
}
