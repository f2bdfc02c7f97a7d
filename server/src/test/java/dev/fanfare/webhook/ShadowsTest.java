package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Events of other nodes that this one would deliver in their place.
final class ShadowsTest {

  private static final long FILE = 0x5eed;

  private final Shadows<String> shadows = new Shadows<>(3);

  private static Shadows.Id id(long entry) {
    return new Shadows.Id(FILE, entry);
  }

  @Test
  void whatIsNotDeliveredIsAdoptedInOrderAndOnce() {
    assertThat(shadows.keep(7, id(1), "a")).isTrue();
    assertThat(shadows.keep(8, new Shadows.Id(1, 1), "other")).isTrue();
    assertThat(shadows.keep(7, id(2), "b")).isTrue();
    shadows.done(id(1), 0);
    assertThat(shadows.keep(7, id(3), "c")).isTrue();
    assertThat(shadows.adopt(7, 0)).containsExactly("b", "c");
    assertThat(shadows.adopt(7, 0)).isEmpty();
    assertThat(shadows.adopt(8, 0)).containsExactly("other");
  }

  @Test
  void aDraftThatIsRepeatedAfterItWasSettledIsIgnored() {
    shadows.done(id(1), 0);
    assertThat(shadows.keep(7, id(1), "delivered")).isTrue();
    assertThat(shadows.keep(7, id(2), "a")).isTrue();
    assertThat(shadows.keep(7, id(2), "a")).isTrue();
    assertThat(shadows.adopt(7, 0)).containsExactly("a");
    assertThat(shadows.keep(7, id(2), "a")).isTrue();
    assertThat(shadows.size()).isZero();
  }

  @Test
  void aNodeThatStartsAgainLearnsWhatIsSettledForTenMinutes() {
    assertThat(shadows.keep(7, id(2), "b")).isTrue();
    assertThat(shadows.keep(8, new Shadows.Id(1, 9), "other")).isTrue();
    shadows.done(id(1), 0);
    assertThat(shadows.adopt(7, 1)).containsExactly("b");
    assertThat(shadows.adopt(8, 1)).containsExactly("other");
    assertThat(shadows.settled(FILE)).containsExactly(1L, 2L);
    shadows.expire(Shadows.MEMORY_NS);
    assertThat(shadows.settled(FILE)).containsExactly(2L);
    shadows.expire(Shadows.MEMORY_NS + 1);
    assertThat(shadows.settled(FILE)).isEmpty();
  }

  @Test
  void moreThanMayBeKeptAreRefused() {
    for (long entry = 1; entry <= 3; entry++) {
      assertThat(shadows.keep(7, id(entry), "a")).isTrue();
    }
    assertThat(shadows.keep(7, id(4), "a")).isFalse();
    shadows.done(id(1), 0);
    assertThat(shadows.keep(7, id(4), "a")).isTrue();
  }
}
