package dev.fanfare.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.PoolArenaMetric;
import io.netty.buffer.PooledByteBufAllocator;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/// What a server in this JVM holds: threads, live heap, and bytes of pooled buffers in use.
///
/// @param threads names, without those that come and go with the test itself
/// @param heapBytes in use after a garbage collection
/// @param bufferBytes of Netty's pool that are handed out
/// @param poolBytes that the pool holds for that
public record Footprint(List<String> threads, long heapBytes, long bufferBytes, long poolBytes) {

  private static final long MB = 1 << 20;
  private static final List<String> OWN =
      List.of(
          "HttpClient",
          "globalEventExecutor",
          "ForkJoinPool",
          "awaitility",
          "VirtualThread",
          "Read-Poller",
          "Write-Poller");

  public static Footprint now() {
    System.gc();
    PooledByteBufAllocator pool = PooledByteBufAllocator.DEFAULT;
    long active =
        pool.metric().directArenas().stream().mapToLong(PoolArenaMetric::numActiveBytes).sum();
    List<String> threads =
        Thread.getAllStackTraces().keySet().stream()
            .map(Thread::getName)
            .filter(name -> OWN.stream().noneMatch(name::startsWith))
            .sorted()
            .toList();
    return new Footprint(
        threads,
        ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(),
        active,
        pool.metric().usedDirectMemory());
  }

  /// Fails unless this is about as small as `before`: no new thread (one of before may have ended
  /// by itself, as Netty's global executor does), and within a few chunks of the pool (4 MB each).
  public void assertNear(Footprint before) {
    List<String> grown = new ArrayList<>(threads);
    before.threads.forEach(grown::remove);
    assertThat(grown).as("threads that were not there before").isEmpty();
    assertThat(heapBytes).as("live heap").isLessThan(before.heapBytes + 8 * MB);
    assertThat(bufferBytes).as("buffers in use").isLessThan(before.bufferBytes + MB);
    assertThat(poolBytes).as("memory of the pool").isLessThan(before.poolBytes + 16 * MB);
  }
}
