package dev.fanfare;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The single thread for periodic tasks: expired caches, delayed counts, users who stay offline.
final class Housekeeping implements AutoCloseable {

  private static final Logger log = Component.SERVER.logger();
  private static final long INTERVAL_MS = 100;
  private static final long PATIENCE_SECONDS = 2;

  private final ScheduledExecutorService executor;

  private Housekeeping(ScheduledExecutorService executor) {
    this.executor = executor;
  }

  static Housekeeping start(Runnable... tasks) {
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fanfare-housekeeping").daemon().factory());
    for (Runnable task : List.of(tasks)) {
      var _ =
          executor.scheduleWithFixedDelay(
              () -> run(task), INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }
    return new Housekeeping(executor);
  }

  private static void run(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("housekeeping task failed, will retry", e);
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
    try {
      // What a task uses is closed next.
      if (!executor.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        log.warn("a housekeeping task has not ended within {} s", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
