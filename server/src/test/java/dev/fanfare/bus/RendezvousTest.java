package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Which node ranks first for a channel, and which one follows it.
final class RendezvousTest {

  private static final int CHANNELS = 1_000;
  private static final List<Long> LIVES = List.of(7L, -3L, 1_234_567_890_123L, 11L);

  @Test
  void theOrderOfTheNodesDoesNotMatter() {
    List<Long> shuffled = new ArrayList<>(LIVES);
    Collections.shuffle(shuffled, new Random(1));
    for (int i = 0; i < CHANNELS; i++) {
      String channel = "channel-" + i;
      assertThat(Rendezvous.first("1", channel, shuffled))
          .isEqualTo(Rendezvous.first("1", channel, LIVES));
      assertThat(Rendezvous.second("1", channel, shuffled))
          .isEqualTo(Rendezvous.second("1", channel, LIVES));
    }
  }

  @Test
  void theSecondIsFirstWhenTheFirstIsGone() {
    for (int i = 0; i < CHANNELS; i++) {
      String channel = "channel-" + i;
      List<Long> rest = new ArrayList<>(LIVES);
      assertThat(rest.remove(Long.valueOf(Rendezvous.first("1", channel, LIVES)))).isTrue();
      assertThat(Rendezvous.second("1", channel, LIVES))
          .isEqualTo(Rendezvous.first("1", channel, rest));
    }
  }

  @Test
  void aSingleNodeHasNoSecond() {
    assertThat(Rendezvous.first("1", "a", List.of(7L))).isEqualTo(7);
    assertThat(Rendezvous.second("1", "a", List.of(7L))).isZero();
    assertThat(Rendezvous.first("1", "a", List.of())).isZero();
  }
}
