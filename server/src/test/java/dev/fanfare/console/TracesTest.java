package dev.fanfare.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.budget.Share;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.protocol.Publication;
import dev.fanfare.testing.ManualClock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// The ring of publishes: what it remembers, and how much data it keeps.
final class TracesTest {

  private static final long MB = 1 << 20;

  private final Share share = new Share("console", "", 3 * MB);
  private final Traces traces = traces(ConsoleNode.ON.withTraces(100));

  private Traces traces(ConsoleOptions options) {
    return new Traces(options, share, new ManualClock());
  }

  private static Publication event(String channel, String data) {
    ChannelName name = ((Parsed.Ok<ChannelName>) ChannelName.parse(channel, 200)).value();
    return new Publication(name, "e", data, null, null, Origin.HTTP);
  }

  private static EventTrace publish(Traces traces, String app, String data) {
    return traces.accepted(app, event("c", data), 0, null);
  }

  private List<Long> numbers(String app) {
    return traces.of(app).newest(Long.MAX_VALUE, 1_000, _ -> true).stream()
        .map(trace -> trace.number)
        .toList();
  }

  @Test
  void theLastOnesAreRemembered() {
    for (int i = 0; i < 250; i++) {
      publish(traces, "1", "x");
    }
    assertThat(numbers("1")).hasSize(100).startsWith(250L, 249L).endsWith(151L);
    assertThat(traces.of("1").find(150)).isNull();
    assertThat(traces.of("1").find(151)).isNotNull();
    assertThat(traces.of("1").find(251)).isNull();
    assertThat(traces.of("1").find(0)).isNull();
    assertThat(traces.of("1").newest(200, 2, _ -> true))
        .extracting(trace -> trace.number)
        .containsExactly(199L, 198L);
    assertThat(share.used()).isEqualTo(200);
  }

  @Test
  void theOldestLoseTheirDataAndKeepTheirNumbers() {
    String large = "x".repeat((int) MB / 16);
    for (int i = 0; i < 20; i++) {
      publish(traces, "1", large);
    }
    assertThat(numbers("1")).hasSize(20);
    assertThat(traces.of("1").heldBytes()).isEqualTo(MB);
    assertThat(share.used()).isEqualTo(MB);
    assertThat(traces.of("1").find(12)).extracting(EventTrace::data).isNull();
    assertThat(traces.of("1").find(13)).extracting(EventTrace::data).isEqualTo(large);
  }

  @Test
  void anEventThatIsTooLargeKeepsNoData() {
    assertThat(publish(traces, "1", "x".repeat((int) MB)).data()).isNull();
    assertThat(share.used()).isZero();
  }

  @Test
  void allAppsTogetherKeepNoMoreThanTheShare() {
    String large = "x".repeat((int) MB / 4);
    for (int app = 0; app < 10; app++) {
      for (int i = 0; i < 4; i++) {
        publish(traces, "" + app, large);
      }
    }
    assertThat(share.used()).isEqualTo(3 * MB);
    assertThat(numbers("9")).hasSize(4);
    traces.retain(Set.of("9"));
    assertThat(share.used()).isZero();
  }

  @Test
  void payloadsAndEncryptedDataAreNotKept() {
    assertThat(traces.accepted("1", event("private-encrypted-a", "x"), 0, null).data()).isNull();
    Traces without = traces(ConsoleNode.ON.withPayloads(false));
    assertThat(publish(without, "1", "x").data()).isNull();
    assertThat(publish(traces(ConsoleNode.ON.withTraces(0)), "1", "x").data()).isNull();
    assertThat(share.used()).isZero();
  }

  /// Several threads publish at once: nothing is counted twice or left over.
  @Test
  void theBytesAreThoseOfTheDataThatIsKept() throws InterruptedException {
    CountDownLatch start = new CountDownLatch(1);
    List<Thread> threads =
        IntStream.range(0, 4)
            .mapToObj(thread ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        start.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      for (int i = 0; i < 5_000; i++) {
                        publish(traces, "1", "x".repeat((thread + 1) * (i % 5_000)));
                      }
                    }))
            .toList();
    start.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    publish(traces, "1", "x");
    long kept =
        traces.of("1").newest(Long.MAX_VALUE, 1_000, trace -> trace.data() != null).stream()
            .mapToLong(EventTrace::heapBytes)
            .sum();
    assertThat(traces.of("1").heldBytes()).isEqualTo(kept).isPositive();
    assertThat(share.used()).isEqualTo(kept);
    assertThat(kept).isLessThanOrEqualTo(MB);
  }
}
