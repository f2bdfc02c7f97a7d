package dev.fanfare.drain;

import dev.fanfare.testing.RawSocket;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;

/// A client that connects, disconnects and connects again, repeatedly.
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

  /// Stops it and returns how many connections were established; fails if one was not.
  int end() {
    done = true;
    return greeted.join();
  }
}
