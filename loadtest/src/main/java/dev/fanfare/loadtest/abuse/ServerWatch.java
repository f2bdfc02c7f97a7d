package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.measure.ServerProcess;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Samples the server's memory and files during one attack, on a separate thread. Values are 0 if
/// they are unknown.
final class ServerWatch {

  private static final long INTERVAL_MILLIS = 50;

  private final @Nullable ServerProcess process;
  private final @Nullable Scraper scraper;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /// Written by the thread, read after it has ended.
  private Usage peak;

  ServerWatch(@Nullable ServerProcess process, @Nullable Scraper scraper) {
    this.process = process;
    this.scraper = scraper;
    peak = Usage.now(process, scraper);
    thread = Thread.ofPlatform().name("server-watch").daemon().start(this::watch);
  }

  private void watch() {
    try {
      while (!stop.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        peak = peak.max(Usage.now(process, scraper));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Stops it; returns the greatest of each value.
  Usage stop() {
    stop.countDown();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return peak;
  }

  /// @param rss resident memory, bytes
  /// @param heap used heap including garbage, bytes
  /// @param held memory held on behalf of peers, bytes
  /// @param files open files
  record Usage(long rss, long heap, long held, int files) {

    static Usage now(@Nullable ServerProcess process, @Nullable Scraper scraper) {
      MetricsText metrics = scraper == null ? MetricsText.EMPTY : scraper.latest().metrics();
      return new Usage(
          process == null ? 0 : process.rss(),
          (long) metrics.sum("jvm_memory_used_bytes", "area=\"heap\"").orElse(0),
          (long) metrics.sum("fanfare_memory_held_bytes").orElse(0),
          process == null ? 0 : process.openFiles());
    }

    Usage max(Usage other) {
      return new Usage(
          Math.max(rss, other.rss),
          Math.max(heap, other.heap),
          Math.max(held, other.held),
          Math.max(files, other.files));
    }
  }
}
