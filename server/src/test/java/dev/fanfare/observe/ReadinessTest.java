package dev.fanfare.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.observe.Readiness.Cause;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// The reasons are asked for by health checks while other threads change them.
final class ReadinessTest {

  private static final int CHANGES = 1_000;
  private static final List<String> BOTH = List.of("the bus is away", "the server is stopping");

  @Test
  void reasonsMayChangeWhileTheyAreListed() {
    Readiness readiness = new Readiness();
    CompletableFuture<Void> changes =
        CompletableFuture.runAsync(() -> {
          for (int i = 0; i < CHANGES; i++) {
            readiness.discourage(Cause.CLUSTER, BOTH.getFirst());
            readiness.refuse(Cause.SHUTDOWN, BOTH.getLast());
            readiness.allow(Cause.CLUSTER);
            readiness.allow(Cause.SHUTDOWN);
          }
        });
    do {
      assertThat(BOTH).containsAll(readiness.reasons());
    } while (!changes.isDone());
    changes.join();
    assertThat(readiness.reasons()).isEmpty();
  }
}
