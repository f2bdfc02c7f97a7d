package dev.fanfare.nats;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LatestTest {

  private final Latest<String, Integer> latest = new Latest<>(2);

  @Test
  void theLeastRecentlyUsedIsForgotten() {
    latest.put("a", 1);
    latest.put("b", 2);
    assertThat(latest.get("a")).isEqualTo(1);
    latest.put("c", 3);
    assertThat(latest.get("b")).isNull();
    assertThat(latest.get("a")).isEqualTo(1);
    assertThat(latest.get("c")).isEqualTo(3);
  }

  @Test
  void aRemovedValueLeavesRoom() {
    latest.put("a", 1);
    latest.put("b", 2);
    latest.remove("b");
    latest.put("c", 3);
    assertThat(latest.get("a")).isEqualTo(1);
    assertThat(latest.get("b")).isNull();
  }
}
