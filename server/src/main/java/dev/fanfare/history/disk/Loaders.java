package dev.fanfare.history.disk;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;

/// Virtual threads that read files, a few at a time: what they have read waits on the heap for a
/// lane.
final class Loaders implements AutoCloseable {

  private static final int AT_ONCE = 8;

  private final Semaphore permits = new Semaphore(AT_ONCE);
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("fanfare-history-", 0).factory());

  void execute(Runnable task) {
    try {
      threads.execute(() -> {
        permits.acquireUninterruptibly();
        try {
          task.run();
        } finally {
          permits.release();
        }
      });
    } catch (RejectedExecutionException e) {
      // the server is shutting down, and the connection with it
    }
  }

  /// Does not interrupt what runs, because that would close files.
  @Override
  public void close() {
    threads.shutdown();
  }
}
