package dev.fanfare.flows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Many threads that start the same operation at the same moment.
final class AtOnce {

  /// The operation of one thread.
  @FunctionalInterface
  interface Attempt<T> {
    T make(int number) throws IOException;
  }

  private AtOnce() {}

  /// Runs `count` attempts, numbered from 0, and returns their results.
  static <T> List<T> run(int count, Attempt<T> attempt) throws IOException {
    CountDownLatch ready = new CountDownLatch(count);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> attempts = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        attempts.add(
            threads.submit(() -> {
              ready.countDown();
              ready.await();
              return attempt.make(number);
            }));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : attempts) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
