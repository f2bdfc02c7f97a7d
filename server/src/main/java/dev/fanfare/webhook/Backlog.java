package dev.fanfare.webhook;

import dev.fanfare.webhook.Outbox.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The entries that wait for one courier, in order. Any thread may add; the courier's thread alone
/// takes.
final class Backlog {

  /// Characters of JSON in one request, unless a single event has more. Many receivers refuse
  /// bodies of some hundred kilobytes.
  private static final int MAX_CHARS = 65_536;

  /// The last element: nothing is added after it.
  private static final Entry END = new Entry(Long.MIN_VALUE, new Outbox.Draft("", "", "", 0, ""));

  private final CourierContext context;
  private final BlockingQueue<Entry> queue = new LinkedBlockingQueue<>();

  /// Released when something is added.
  private volatile CountDownLatch arrival = new CountDownLatch(1);

  // Confined to the courier's thread: taken from the queue, or returned, but not sent yet.
  private final Deque<Entry> next = new ArrayDeque<>();

  Backlog(CourierContext context) {
    this.context = context;
  }

  void add(Entry entry) {
    queue.add(entry);
    arrival.countDown();
  }

  /// Marks the end of the backlog.
  void close() {
    add(END);
  }

  /// False if [#take] would wait. The end counts as an element.
  boolean isEmpty() {
    return next.isEmpty() && queue.isEmpty();
  }

  /// Waits until something is added, at most `ms` milliseconds.
  void awaitArrival(long ms) throws InterruptedException {
    CountDownLatch latch = new CountDownLatch(1);
    arrival = latch;
    // Whoever adds after this check releases the new latch.
    if (queue.isEmpty()) {
      context.pause().await(ms, latch);
    }
  }

  /// Puts entries back in front, in their order.
  void putBack(List<Entry> entries) {
    entries.reversed().forEach(next::addFirst);
  }

  /// What goes into the next request, in order: the first entry, for which this waits, and those
  /// that arrive within the batch window. Empty at the end of the backlog.
  List<Entry> take() throws InterruptedException {
    Entry entry = next.isEmpty() ? queue.take() : next.poll();
    WebhookOptions options = context.options();
    long windowNs = TimeUnit.MILLISECONDS.toNanos(options.batchWindowMilliseconds());
    long deadlineNs = context.monotonic().nanoTime() + windowNs;
    int most = windowNs == 0 ? 1 : options.maxBatchEvents();
    List<Entry> batch = new ArrayList<>();
    int chars = 0;
    while (entry != null && entry.id() != END.id()) {
      chars += entry.draft().event().length();
      if (!batch.isEmpty() && chars > MAX_CHARS) {
        break;
      }
      batch.add(entry);
      entry = batch.size() < most ? poll(deadlineNs) : null;
    }
    if (entry != null && !batch.isEmpty()) {
      next.addFirst(entry);
    }
    return batch;
  }

  private @Nullable Entry poll(long deadlineNs) throws InterruptedException {
    Entry first = next.poll();
    long leftNs = deadlineNs - context.monotonic().nanoTime();
    return first == null ? queue.poll(leftNs, TimeUnit.NANOSECONDS) : first;
  }
}
