package dev.fanfare.node;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/// The single thread for periodic tasks: expired caches, delayed counts, users who stay offline. A
/// task that fails is logged and runs again.
final class Housekeeping implements AutoCloseable {

  private static final Logger log = Component.SERVER.logger();
  private static final long INTERVAL_MS = 100;
  private static final long PATIENCE_SECONDS = 2;

  private final ScheduledExecutorService executor;
  private final Vital vital;

  private Housekeeping(ScheduledExecutorService executor, Vital vital) {
    this.executor = executor;
    this.vital = vital;
  }

  static Housekeeping start(NanoClock clock, Runnable... tasks) {
    Vital vital = new Vital("fanfare-housekeeping", clock);
    ScheduledExecutorService executor =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("fanfare-housekeeping").daemon().factory());
    for (Runnable task : List.of(tasks)) {
      var _ =
          executor.scheduleWithFixedDelay(
              () -> vital.run(task), INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
    }
    return new Housekeeping(executor, vital);
  }

  /// The pulse of the thread.
  Vital vital() {
    return vital;
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
