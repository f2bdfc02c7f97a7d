package dev.fanfare.history.shared;

import dev.fanfare.history.EventId;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Puts the entries of one channel in order, which arrive from publishers of this node and over the
/// links of others: doubled, late, or not at all. An entry is passed on after the one that it names
/// as the previous one; if that does not come, it is read from the engine. Guarded by [SharedLog].
final class Sequencer {

  /// Entries that may wait for others; above that, the newest are read from the engine later.
  static final int MAX_WAITING = 256;

  private final TreeMap<EventId, Arrival> waiting = new TreeMap<>();

  /// The entry that was passed on last; null until it is known where to begin.
  private @Nullable EventId newest;

  /// Entries were dropped that the engine has.
  private boolean isOverfull;

  /// The entry that was passed on last, or after which it began; null if it has not begun.
  @Nullable EventId newest() {
    return newest;
  }

  /// Forgets everything.
  void reset() {
    waiting.clear();
    newest = null;
    isOverfull = false;
  }

  /// Begins with what came after `head`, which was the newest entry when the engine was asked. What
  /// has arrived since the question is passed on too, even if the engine had it by then.
  ///
  /// @return the entry after which it begins
  EventId begin(EventId head) {
    EventId first = head;
    if (!waiting.isEmpty() && waiting.firstEntry().getValue().previous().compareTo(head) < 0) {
      first = waiting.firstEntry().getValue().previous();
    }
    newest = first;
    return first;
  }

  /// An entry has arrived.
  void offer(Arrival arrival) {
    if (newest != null && arrival.id().compareTo(newest) <= 0) {
      return; // doubled
    }
    var _ = waiting.putIfAbsent(arrival.id(), arrival);
    if (waiting.size() > MAX_WAITING) {
      var _ = waiting.pollLastEntry();
      isOverfull = true;
    }
  }

  /// Takes the next entry; null if there is none, or if it is not known what comes before.
  @Nullable Arrival next() {
    if (newest == null || waiting.isEmpty()) {
      return null;
    }
    Arrival first = waiting.firstEntry().getValue();
    if (first.previous().compareTo(newest) > 0) {
      return null;
    }
    var _ = waiting.pollFirstEntry();
    newest = first.id();
    return first;
  }

  /// True if the engine must be asked for what is missing.
  boolean mustRead() {
    return newest != null && (isOverfull || !waiting.isEmpty());
  }

  /// Entries may be missing although none has arrived that shows it.
  void doubt() {
    isOverfull = true;
  }

  /// The engine was asked for what comes after an entry.
  ///
  /// @param after the entry
  /// @param found its answer, in order
  /// @param isAll there is nothing else
  void read(EventId after, List<Arrival> found, boolean isAll) {
    if (newest == null || after.compareTo(newest) > 0) {
      return; // it has restarted since
    }
    EventId lost =
        !found.isEmpty()
            ? found.getFirst().previous()
            : waiting.isEmpty() ? newest : waiting.firstEntry().getValue().previous();
    if (lost.compareTo(newest) > 0) {
      newest = lost; // the engine does not keep what was missing any longer
      waiting.headMap(lost, true).clear();
    }
    isOverfull = !isAll;
    found.forEach(this::offer);
  }
}
