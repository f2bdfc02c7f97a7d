package dev.fanfare.webhook.courier;

import dev.fanfare.webhook.outbox.IdQueue;
import dev.fanfare.webhook.outbox.Outbox.Entry;
import dev.fanfare.webhook.outbox.WebhookOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// The entries that wait for one courier, in order: only their ids, since the outbox may have them
/// on a disk. Any thread may add; the courier's thread alone takes.
final class CourierQueue {

  /// Characters of JSON in one request, unless a single event has more. Many receivers refuse
  /// bodies of some hundred kilobytes.
  private static final int MAX_CHARS = 65_536;

  private final CourierContext context;
  private final LongFunction<@Nullable Entry> entries;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition added = lock.newCondition();

  // Guarded by the lock.
  private final IdQueue queue = new IdQueue();

  /// What other nodes have handed over, which is older than what waits in [#queue].
  private final IdQueue inherited = new IdQueue();

  private boolean isClosed;

  /// Released when something is added.
  private volatile CountDownLatch arrival = new CountDownLatch(1);

  /// @param entries finds the entry of an id; null if it is gone
  public CourierQueue(CourierContext context, LongFunction<@Nullable Entry> entries) {
    this.context = context;
    this.entries = entries;
  }

  void add(long id) {
    add(queue, id);
  }

  /// Adds an entry of another node, behind such entries and before all others.
  void addInherited(long id) {
    add(inherited, id);
  }

  private void add(IdQueue end, long id) {
    lock.lock();
    try {
      end.addLast(id);
      added.signal();
    } finally {
      lock.unlock();
    }
    arrival.countDown();
  }

  /// Marks the end of the backlog: nothing is added after this.
  void close() {
    lock.lock();
    try {
      isClosed = true;
      added.signal();
    } finally {
      lock.unlock();
    }
    arrival.countDown();
  }

  /// False if [#take] would wait. The end counts as an element.
  boolean isEmpty() {
    lock.lock();
    try {
      return queue.isEmpty() && inherited.isEmpty() && !isClosed;
    } finally {
      lock.unlock();
    }
  }

  /// Waits until something is added, at most `ms` milliseconds.
  void awaitArrival(long ms) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    arrival = latch;
    // What is added after this check releases the new latch.
    if (isEmpty()) {
      context.pause().await(ms, latch);
    }
  }

  /// Puts entries back in front, in their order.
  void putBack(IdQueue ids) {
    lock.lock();
    try {
      while (!ids.isEmpty()) {
        front().addFirst(ids.removeLast());
      }
    } finally {
      lock.unlock();
    }
  }

  /// What goes into the next request, in order: the first entry, for which this waits, and those
  /// that arrive within the batch window. Empty at the end of the backlog.
  List<Entry> take() throws InterruptedException {
    Entry entry = poll(Long.MAX_VALUE);
    WebhookOptions options = context.options();
    long windowNs = TimeUnit.MILLISECONDS.toNanos(options.batchWindowMilliseconds());
    long deadlineNs = context.monotonic().nanoTime() + windowNs;
    int most = windowNs == 0 ? 1 : options.maxBatchEvents();
    List<Entry> batch = new ArrayList<>();
    int chars = 0;
    while (entry != null) {
      chars += entry.draft().event().length();
      if (!batch.isEmpty() && chars > MAX_CHARS) {
        putBack(entry.id());
        break;
      }
      batch.add(entry);
      entry = batch.size() < most ? poll(deadlineNs - context.monotonic().nanoTime()) : null;
    }
    return batch;
  }

  private void putBack(long id) {
    lock.lock();
    try {
      front().addFirst(id);
    } finally {
      lock.unlock();
    }
  }

  /// Where the next entry is.
  private IdQueue front() {
    return inherited.isEmpty() ? queue : inherited;
  }

  /// The next entry that is not gone; null at the end, or if there is none within `ns`.
  private @Nullable Entry poll(long ns) throws InterruptedException {
    long leftNs = ns;
    while (true) {
      long id;
      lock.lock();
      try {
        while (front().isEmpty()) {
          if (isClosed || leftNs <= 0) {
            return null;
          }
          leftNs = added.awaitNanos(leftNs);
        }
        id = front().removeFirst();
      } finally {
        lock.unlock();
      }
      Entry entry = entries.apply(id);
      if (entry != null) {
        return entry;
      }
    }
  }
}
