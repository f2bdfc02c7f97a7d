package dev.fanfare.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class MemoryTest {

  private static final Memory BEFORE = heap(100_000_000);

  @Test
  void aTenthAndEightMegabytesAreAllowed() {
    assertThat(BEFORE.heapAllowance()).hasValue(118_000_000);
    assertThat(heap(118_000_000).hasLeakedSince(BEFORE)).isFalse();
    assertThat(heap(118_000_001).hasLeakedSince(BEFORE)).isTrue();
  }

  @Test
  void unknownMemoryIsNotALeak() {
    Memory unknown = new Memory(1, OptionalLong.empty(), OptionalLong.empty());
    assertThat(unknown.hasLeakedSince(BEFORE)).isFalse();
    assertThat(BEFORE.hasLeakedSince(unknown)).isFalse();
  }

  private static Memory heap(long bytes) {
    return new Memory(1, OptionalLong.of(bytes), OptionalLong.empty());
  }
}
