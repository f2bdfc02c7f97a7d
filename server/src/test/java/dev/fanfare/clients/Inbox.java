package dev.fanfare.clients;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Items reported by another thread, in order. A test takes them out and waits, with a timeout, for
/// those that have not arrived yet.
final class Inbox<T> {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final List<T> all = Collections.synchronizedList(new ArrayList<>());

  /// @param name what the items are, for the message of a test that times out
  Inbox(String name) {
    this.name = name;
  }

  void add(T item) {
    all.add(item);
    waiting.add(item);
  }

  /// The next item.
  T next() {
    return next("the next one", PATIENCE, _ -> true);
  }

  /// The next item equal to `wanted`; those before it are discarded.
  T skipTo(T wanted) {
    return next(String.valueOf(wanted), PATIENCE, wanted::equals);
  }

  /// The next item that passes `isWanted`; those before it are discarded.
  T next(String wanted, Duration patience, Predicate<T> isWanted) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      T item = poll(deadline - System.nanoTime());
      if (item == null) {
        throw new AssertionError(
            name + ": waited " + patience.toSeconds() + " s for " + wanted + ", got only " + all);
      }
      if (isWanted.test(item)) {
        return item;
      }
    }
  }

  /// The number of items so far, taken or not.
  int count() {
    return all.size();
  }

  private @Nullable T poll(long nanos) {
    try {
      return waiting.poll(Math.max(0, nanos), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(name + ": interrupted", e);
    }
  }
}
