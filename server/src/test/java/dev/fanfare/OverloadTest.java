package dev.fanfare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class OverloadTest {

  private static final long MB = 1 << 20;

  @Test
  void liveMemoryHasACeiling() {
    assertThat(Overload.heapProblem(920 * MB, 1_000 * MB)).isEmpty();
    assertThat(Overload.heapProblem(921 * MB, 1_000 * MB))
        .isEqualTo("The server's memory is full: 921 of 1000 MB are in use");
  }
}
