package dev.fanfare.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.bus.NodesView;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// What is remembered for a node that may come back.
final class DenialsTest {

  private static final Claims.Name NAME = new Claims.Name("1", "presence-a");
  private static final NodesView BOTH = view(7L, 8L);
  private static final NodesView ALONE = view(7L);

  private final Denials denials = new Denials();

  private static NodesView view(Long... known) {
    return new NodesView(7, List.of(known), 0, 0);
  }

  private List<String> denied() {
    List<String> all = new ArrayList<>();
    denials.forEach((_, user) -> all.add(user));
    return all;
  }

  @Test
  void whatWasReportedAsAbsentIsRememberedForANodeThatComesBack() {
    denials.report(NAME, "before", false, 0);
    assertThat(denials.isReturn(BOTH, 0)).isFalse();
    assertThat(denials.isReturn(ALONE, 0)).isFalse();
    denials.report(NAME, "gone", false, 1);
    denials.report(NAME, "back", false, 1);
    denials.report(NAME, "back", true, 2);
    assertThat(denied())
        .as("it was gone before this node noticed it")
        .containsExactly("before", "gone");
    assertThat(denials.isReturn(BOTH, 3)).isTrue();
    assertThat(denials.isReturn(BOTH, 4)).as("once").isFalse();
  }

  @Test
  void aNodeThatDoesNotComeBackIsForgotten() {
    assertThat(denials.isReturn(BOTH, 0)).isFalse();
    assertThat(denials.isReturn(ALONE, 0)).isFalse();
    denials.report(NAME, "gone", false, 1);
    denials.report(NAME, "later", false, TimeUnit.MINUTES.toNanos(11));
    assertThat(denied()).containsExactly("later");
    assertThat(denials.isReturn(BOTH, TimeUnit.MINUTES.toNanos(12))).isFalse();
  }

  @Test
  void onlySoMuchIsRemembered() {
    assertThat(denials.isReturn(BOTH, 0)).isFalse();
    assertThat(denials.isReturn(ALONE, 0)).isFalse();
    for (int i = 0; i < 100_010; i++) {
      denials.report(NAME, "u" + i, false, 1);
    }
    assertThat(denied()).hasSize(100_000);
  }
}
