package dev.fanfare.drain;

import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// Somebody who connects, leaves and connects again, one time after the other.
final class Newcomers {

  private final CompletableFuture<Integer> greeted;
  private volatile boolean done;

  Newcomers(int port, String key) {
    greeted = CompletableFuture.supplyAsync(() -> run(port, key), Thread::startVirtualThread);
  }

  private int run(int port, String key) {
    int count = 0;
    while (!done) {
      try (RawSocket _ = RawSocket.established(port, key)) {
        count++;
      } catch (IOException e) {
        if (!String.valueOf(e.getMessage()).contains("overloaded: a lane is")) {
          throw new AssertionError("after " + count + " were greeted", e);
        }
      }
    }
    return count;
  }

  /// Ends it, and tells how many were greeted; fails if anyone was not.
  int end() {
    done = true;
    return greeted.join();
  }
}
