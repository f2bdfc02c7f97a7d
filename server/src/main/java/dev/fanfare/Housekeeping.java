package dev.fanfare;

import dev.fanfare.observe.Component;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The one thread for what is due by time rather than by event: expired caches, counts that were
/// held back, users who stay away.
final class Housekeeping implements AutoCloseable {

  private static final Logger log = Component.SERVER.logger();
  private static final long INTERVAL_MS = 100;
  private static final long PATIENCE_SECONDS = 2;

  private final ScheduledExecutorService executor;

  private Housekeeping(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  static Housekeeping start(Runnable... chores) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fanfare-housekeeping").daemon().factory());
    for (Runnable chore : List.of(chores)) {
      var _ =
          executor.scheduleWithFixedDelay(
              () -> run(chore), INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }
    return new Housekeeping(executor);
  }

  private static void run(Runnable chore) {
    try {
      chore.run();
    } catch (RuntimeException e) {
      log.error("a chore failed; it will be tried again", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      // What a chore looks at ends next.
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("a chore has not ended within {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
