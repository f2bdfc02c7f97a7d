package dev.fanfare.bus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// Numbers of nodes, against a map.
final class NodeCountsTest {

  private final NodeCounts counts = NodeCounts.none();

  @Test
  void theFirstNodeMayEndAndAnotherBegin() {
    assertThat(counts.set(3, 0)).isFalse();
    assertThat(counts.set(3, 2)).isTrue();
    assertThat(counts.set(3, 2)).isFalse();
    assertThat(counts.set(5, 0)).isFalse();
    assertThat(counts.total()).isEqualTo(2);
    assertThat(counts.set(3, 0)).isTrue();
    assertThat(counts.set(1, 4)).isTrue();
    assertThat(counts.set(3, 1)).isTrue();
    assertThat(counts.total()).isEqualTo(5);
  }

  @Test
  void theSumIsThatOfAllNodes() {
    for (int seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      NodeCounts some = NodeCounts.none();
      Map<Integer, Integer> model = new TreeMap<>();
      for (int step = 0; step < 12; step++) {
        int node = random.nextInt(4);
        int count = random.nextInt(3);
        int before = model.getOrDefault(node, 0);
        model.put(node, count);
        assertThat(some.set(node, count)).as("seed %d", seed).isEqualTo(before != count);
        assertThat(some.total())
            .as("seed %d", seed)
            .isEqualTo(model.values().stream().mapToInt(Integer::intValue).sum());
      }
    }
  }
}
