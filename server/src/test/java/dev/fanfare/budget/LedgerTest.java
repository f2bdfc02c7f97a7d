package dev.fanfare.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class LedgerTest {

  private static final long MB = 1 << 20;

  /// The heaps that a server may have, with a little less than a power of two as the JVM reports
  /// it.
  static LongStream heaps() {
    return LongStream.of(93, 96, 128, 192, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384)
        .map(megabytes -> megabytes * MB - 12_345);
  }

  @ParameterizedTest
  @MethodSource("heaps")
  void theSharesAreLessThanTheMemory(long heap) {
    for (long direct : new long[] {heap, 32 * MB, 64 * MB + 1, heap / 2, heap * 3}) {
      Memory memory = new Memory(heap, direct);
      Ledger ledger = Ledger.of(LedgerOptions.DERIVED, memory);
      long ofDirect = ledger.requests().limit() + ledger.backlog().limit();
      long ofHeap = ledger.webhooks().limit() + ledger.caches().limit();
      assertThat(ofDirect)
          .isPositive()
          .isLessThan(direct)
          .isLessThanOrEqualTo(Ledger.maxDirectBytes(memory));
      assertThat(ofHeap)
          .isPositive()
          .isLessThan(heap)
          .isLessThanOrEqualTo(Ledger.maxHeapBytes(memory));
    }
  }

  @Test
  void aLimitThatIsSetReplacesTheDerivedOne() {
    Memory memory = new Memory(128 * MB, 128 * MB);
    Ledger ledger = Ledger.of(LedgerOptions.DERIVED.withBacklogMemoryBytes(5), memory);
    assertThat(ledger.shares())
        .extracting(Share::limit)
        .containsExactly(32 * MB, 5L, 16 * MB, 16 * MB, 16 * MB, 4 * MB, MB);
  }

  @Test
  void aShareReservesAllOrNothing() {
    Share share = new Share("requests", "request_memory_bytes", 100);
    assertThat(share.reserve(100)).isTrue();
    assertThat(share.reserve(1)).isFalse();
    assertThat(share.reserve(0)).isTrue();
    assertThat(share.isTight()).isTrue();
    share.release(10);
    assertThat(share.isTight()).isFalse();
    assertThat(share.reserve(11)).isFalse();
    assertThat(share.reserve(Long.MAX_VALUE)).isFalse();
    assertThat(share.used()).isEqualTo(90);
    assertThat(share.refusals()).isEqualTo(3);
    assertThat(share.state()).isEqualTo("90 of 100 bytes are in use (request_memory_bytes)");
    share.add(20);
    assertThat(share.reserve(1)).isFalse();
    share.release(110);
    assertThat(share.used()).isZero();
  }

  @Test
  void threadsNeverReserveMoreThanTheLimit() throws Exception {
    Share share = new Share("requests", "request_memory_bytes", 1_000);
    Callable<Long> work =
        () -> {
          long most = 0;
          for (int i = 0; i < 20_000; i++) {
            if (share.reserve(301)) {
              most = Math.max(most, share.used());
              share.release(301);
            }
          }
          return most;
        };
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (Future<Long> most :
          threads.invokeAll(IntStream.range(0, 4).mapToObj(_ -> work).toList())) {
        assertThat(most.get()).isLessThanOrEqualTo(903);
      }
    }
    assertThat(share.used()).isZero();
  }
}
