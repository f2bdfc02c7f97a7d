package dev.fanfare.console.row;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// The last events of one app that other nodes have accepted and this one has delivered, without
/// their data. Any thread.
public final class ArrivedEvents {

  private final AtomicReferenceArray<@Nullable EventTrace> slots;
  private final AtomicLong last = new AtomicLong();

  /// @param size how many are remembered
  public ArrivedEvents(int size) {
    slots = new AtomicReferenceArray<>(size);
  }

  /// Remembers one in place of the oldest.
  public void add(EventTrace trace) {
    var _ = trace.forget();
    if (slots.length() > 0) {
      slots.set(slot(last.getAndIncrement()), trace);
    }
  }

  private int slot(long number) {
    return (int) (number % slots.length());
  }

  /// The one that other nodes know by that id; null if it is not remembered.
  public @Nullable EventTrace find(long id) {
    long newest = last.get();
    for (long number = newest - 1; number >= Math.max(0, newest - slots.length()); number--) {
      EventTrace trace = slots.get(slot(number));
      if (trace != null && trace.id() == id) {
        return trace;
      }
    }
    return null;
  }
}
