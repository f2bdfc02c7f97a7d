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

  /// Who subscribed after a version was kept has been given it; who was there before has not.
  @Test
  void eachVersionIsRememberedAtTheSubscriptionsThatMissedIt() {
    long before = there.next(1_000);
    assertThat(here.add(before)).isTrue();
    here.joined(true);
    long first = remembered(there, 2);
    long second = remembered(there, 3);
    here.joined(false);
    long third = remembered(there, 5);
    long other = remembered(new KeptVersions(3), 6);
    long fourth = remembered(there, 7);
    assertThat(here.rememberedAt(before)).as("older than all subscriptions").isZero();
    assertThat(here.rememberedAt(first)).isEqualTo(2);
    assertThat(here.rememberedAt(second)).isEqualTo(2);
    assertThat(here.rememberedAt(third)).isEqualTo(5);
    assertThat(here.rememberedAt(other)).isEqualTo(6);
    assertThat(here.rememberedAt(fourth)).isEqualTo(5);
    assertThat(here.rememberedAt(there.next(1_000))).as("not seen").isZero();
    here.joined(true);
    assertThat(here.rememberedAt(third)).as("older than all subscriptions").isZero();
  }

  private long remembered(KeptVersions publisher, long sequence) {
    long version = publisher.next(1_000);
    assertThat(here.add(version)).isTrue();
    here.remember(version, sequence);
    return version;
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
