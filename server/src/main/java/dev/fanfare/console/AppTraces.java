package dev.fanfare.console;

import dev.fanfare.budget.Share;
import dev.fanfare.console.row.ArrivedEvents;
import dev.fanfare.console.row.EventTrace;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The last publishes of one app: a ring by their numbers. All may keep [#MAX_DATA_BYTES] of data;
/// above that, the oldest lose theirs and keep their numbers. Any thread.
final class AppTraces {

  /// Heap for the data of one app's events.
  static final long MAX_DATA_BYTES = 1 << 20;

  private final AtomicReferenceArray<@Nullable EventTrace> slots;
  private final ArrivedEvents arrivals;
  private final Share share;
  private final AtomicLong last = new AtomicLong();

  /// How many of them are refused requests.
  private final AtomicLong refused = new AtomicLong();

  /// Bytes of data that are kept.
  private final AtomicLong held = new AtomicLong();

  private final ReentrantLock forgetting = new ReentrantLock();

  /// The first number whose data may still be kept; guarded by the lock.
  private long oldest = 1;

  /// @param size how many are remembered
  /// @param share of the heap that the data of all apps is counted in
  AppTraces(int size, Share share) {
    this.slots = new AtomicReferenceArray<>(size);
    this.arrivals = new ArrivedEvents(size);
    this.share = share;
  }

  /// Events that other nodes have accepted.
  ArrivedEvents arrivals() {
    return arrivals;
  }

  /// The number of the next publish.
  long next() {
    return last.incrementAndGet();
  }

  /// The number of the next request that was refused.
  long nextRefused() {
    refused.incrementAndGet();
    return next();
  }

  /// How many were accepted so far.
  long accepted() {
    return last.get() - refused.get();
  }

  /// Remembers a publish in place of the oldest.
  ///
  /// @param keepsData false if its data must not be shown
  void add(EventTrace trace, boolean keepsData) {
    boolean isKept = keepsData && slots.length() > 0 && share.reserve(trace.heapBytes());
    if (isKept) {
      held.addAndGet(trace.heapBytes());
    } else {
      var _ = trace.forget();
    }
    if (slots.length() > 0) {
      EventTrace former = slots.getAndSet(slot(trace.number), trace);
      if (former != null) {
        release(former);
      }
      if (held.get() > MAX_DATA_BYTES && forgetting.tryLock()) { // else another thread does it
        try {
          forgetOldest();
        } finally {
          forgetting.unlock();
        }
      }
    }
  }

  private int slot(long number) {
    return (int) ((number - 1) % slots.length());
  }

  private void forgetOldest() {
    long first = last.get() - slots.length() + 1;
    oldest = Math.max(oldest, first);
    while (held.get() > MAX_DATA_BYTES && oldest <= last.get()) {
      EventTrace trace = slots.get(slot(oldest));
      if (trace == null || trace.number < oldest) {
        return; // it is being added, and will be looked at with the next one
      }
      if (trace.number == oldest) {
        release(trace);
      }
      oldest++;
    }
  }

  private void release(EventTrace trace) {
    long bytes = trace.forget();
    held.addAndGet(-bytes);
    share.release(bytes);
  }

  /// The app is gone.
  void close() {
    for (int i = 0; i < slots.length(); i++) {
      EventTrace trace = slots.getAndSet(i, null);
      if (trace != null) {
        release(trace);
      }
    }
  }

  /// Bytes of data that are kept.
  long heldBytes() {
    return held.get();
  }

  /// A publish by its number; null if it is not remembered.
  @Nullable EventTrace find(long number) {
    EventTrace trace = number < 1 || slots.length() == 0 ? null : slots.get(slot(number));
    return trace != null && trace.number == number ? trace : null;
  }

  /// Visits the newest first, until the visitor returns false. Returns true if it has visited all
  /// that are remembered, and there were older ones.
  boolean visit(Predicate<EventTrace> visitor) {
    long from = last.get();
    long oldestKept = Math.max(1, from - slots.length() + 1);
    for (long number = from; number >= oldestKept; number--) {
      EventTrace trace = find(number);
      if (trace != null && !visitor.test(trace)) {
        return false;
      }
    }
    return oldestKept > 1;
  }

  /// The newest that are selected, newest first.
  ///
  /// @param before only those with lower numbers
  List<EventTrace> newest(long before, int limit, Predicate<EventTrace> selected) {
    List<EventTrace> found = new ArrayList<>();
    long from = Math.min(last.get(), before - 1);
    for (long number = from; number > from - slots.length() && found.size() < limit; number--) {
      EventTrace trace = find(number);
      if (trace != null && selected.test(trace)) {
        found.add(trace);
      }
    }
    return found;
  }
}
