package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Who acts for all nodes, and how complete their answers are.
final class NodesViewTest {

  private static final int CHANNELS = 3_000;
  private static final List<Long> LIVES = List.of(7L, -3L, 1_234_567_890_123L);

  private static List<Long> coordinators(List<Long> lives, String channel) {
    return lives.stream()
        .filter(life -> new NodesView(life, lives, 0, 0).isCoordinator("1", channel))
        .toList();
  }

  @Test
  void aNodeAloneActsForItself() {
    assertThat(NodesView.ALONE.isAlone()).isTrue();
    assertThat(NodesView.ALONE.isCoordinator("1", "a")).isTrue();
  }

  @Test
  void exactlyOneNodeActsForAChannelAndEachForItsShare() {
    List<Long> chosen = new ArrayList<>();
    for (int i = 0; i < CHANNELS; i++) {
      List<Long> coordinators = coordinators(LIVES, "channel-" + i);
      assertThat(coordinators).hasSize(1);
      chosen.add(coordinators.getFirst());
    }
    for (Long life : LIVES) {
      assertThat(chosen.stream().filter(life::equals).count())
          .isBetween(CHANNELS / 4L, CHANNELS / 2L);
    }
  }

  @Test
  void aNodeThatLeavesMovesItsOwnChannelsOnly() {
    for (int i = 0; i < CHANNELS; i++) {
      String channel = "channel-" + i;
      Long before = coordinators(LIVES, channel).getFirst();
      Long after = coordinators(LIVES.subList(0, 2), channel).getFirst();
      assertThat(after.equals(before)).isEqualTo(!before.equals(LIVES.getLast()));
    }
  }

  @Test
  void aNodeThatDrainsLeavesItToTheOthers() {
    NodesView draining = new NodesView(7, List.of(-3L), 0, 0);
    assertThat(draining.isCoordinator("1", "a")).isFalse();
    assertThat(new NodesView(7, List.of(), 0, 0).isCoordinator("1", "a")).as("alone").isTrue();
  }

  @Test
  void anAnswerSaysWhatIsMissing() {
    long nowNs = TimeUnit.SECONDS.toNanos(100);
    long lostNs = TimeUnit.SECONDS.toNanos(88);
    assertThat(new NodesView(7, LIVES, 0, 0).consistency(nowNs)).isEqualTo("complete");
    assertThat(new NodesView(7, LIVES, 1, lostNs).consistency(nowNs))
        .isEqualTo("partial; missing=1; age=12");
  }
}
