package dev.fanfare.webhook.disk;

import dev.fanfare.observe.Vital;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// The thread that maintains the file of an outbox once a second.
final class OutboxMaintainer {

  private static final long INTERVAL_MS = 1_000;

  private final Runnable task;
  private final Vital vital = new Vital("fanfare-outbox");
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("fanfare-outbox").daemon().factory());

  OutboxMaintainer(Runnable task) {
    this.task = task;
  }

  void start() {
    var _ =
        executor.scheduleWithFixedDelay(
            () -> vital.run(task), INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  /// The pulse of the thread.
  Vital vital() {
    return vital;
  }

  /// Does not interrupt the thread, because that would close the file.
  void stop() {
    executor.shutdown();
  }
}
