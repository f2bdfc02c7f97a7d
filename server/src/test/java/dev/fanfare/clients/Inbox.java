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

/// What somebody else's thread reports, in order. A test takes it out and waits for what has not
/// come yet, but not for ever.
final class Inbox<T> {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final String name;
  private final BlockingQueue<T> waiting = new LinkedBlockingQueue<>();
  private final List<T> all = Collections.synchronizedList(new ArrayList<>());

  /// @param name what comes in here, for the message of a test that waited in vain
  Inbox(String name) {
    this.name = name;
  }

  void add(T item) {
    all.add(item);
    waiting.add(item);
  }

  /// The next one.
  T next() {
    return next("the next one", PATIENCE, _ -> true);
  }

  /// The next one that is equal to `wanted`; those before it are passed over.
  T skipTo(T wanted) {
    return next(String.valueOf(wanted), PATIENCE, wanted::equals);
  }

  /// The next one that passes `isWanted`; those before it are passed over.
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

  /// How many came so far, taken out or not.
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
