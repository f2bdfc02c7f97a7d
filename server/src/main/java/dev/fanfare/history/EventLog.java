package dev.fanfare.history;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.protocol.Publication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What one channel keeps under a rule, oldest first. Any thread.
///
/// [#append], [#apply], [#purge] and [#close] are called only while the channel's entry is held, so
/// sequences ascend. Lanes call [#read], which must neither block nor use a disk: a log with older
/// events elsewhere has the newest of them in memory, and [#page] may block.
public interface EventLog {

  /// Some events in a row.
  ///
  /// @param events few enough for one write; empty at the end
  /// @param lostSequence the sequence of the newest event that was dropped, 0 if none was
  /// @param isElsewhere the next events are not in memory but in the [#archive]
  record Block(List<StoredEvent> events, long lostSequence, boolean isElsewhere) {

    /// The next events are not in memory.
    public static final Block ELSEWHERE = new Block(List.of(), 0, true);

    /// Events in memory.
    public Block(List<StoredEvent> events, long lostSequence) {
      this(events, lostSequence, false);
    }
  }

  /// What is kept elsewhere; null if everything is in memory. If there is an archive, it decides
  /// where subscriptions begin.
  default @Nullable Archive archive() {
    return null;
  }

  /// At least the sequence of every event that was kept before this log was opened.
  default long floor() {
    return 0;
  }

  /// A position from which everything is in the future.
  long END = Long.MAX_VALUE;

  /// Keeps an event, and drops what the rule does not keep any longer.
  ///
  /// @param sequence higher than all before
  StoredEvent append(Publication publication, long sequence, long nowNs);

  /// Keeps an event whose id was given to it elsewhere, above all before.
  default StoredEvent append(EventId id, Publication publication, long sequence, long nowNs) {
    throw new IllegalStateException("this log gives the ids");
  }

  /// Applies a changed rule.
  void apply(HistoryRule rule, long nowNs);

  /// Where a replay of the newest events begins: the sequence below the first of them; [#END] if
  /// there is none.
  ///
  /// @param events the most to replay
  /// @param maxAgeNs age up to which events are replayed
  long rewind(int events, long maxAgeNs, long nowNs);

  /// Where a subscriber goes on that comes back.
  ///
  /// @param start the sequence below the first event to replay; [#END] if there is none
  /// @param gap null if it gets everything that it has missed
  record Resumption(long start, @Nullable Gap gap) {}

  /// Where a replay of everything after `claim` begins.
  ///
  /// @param most events to replay
  Resumption resume(Departed.Claim claim, int most);

  /// The id of the newest event with a sequence up to this, which may be a bound below all events;
  /// null if it is not known any more.
  @Nullable EventId idAt(long sequence);

  /// The next events with a sequence above `after` and up to `through`. Two reads that reach the
  /// same event continue alike, so that many readers can share what is made of a block.
  Block read(long after, long through, long nowNs);

  /// The newest event; null if there is none.
  @Nullable StoredEvent newest(long nowNs);

  /// Some events for the HTTP API. May block.
  HistoryPage page(HistoryPage.Query query, long nowNs);

  /// Drops everything that is kept, without a notice to readers. Called only while the channel's
  /// entry is held; never blocks.
  ///
  /// @param withReaders the positions of readers too
  default Purge purge(boolean withReaders, long nowNs) {
    return Purge.IMPOSSIBLE;
  }

  /// Everything up to this event was purged since the log was opened; [EventId#NONE] if nothing
  /// was.
  default EventId purged() {
    return EventId.NONE;
  }

  /// Drops events that are too old.
  void expire(long nowNs);

  /// When [#expire] should be called next, on the clock of `nowNs`; [#END] if it is empty.
  long dueNs();

  /// Drops everything. Only [#idAt] and [#read] may be called afterwards.
  ///
  /// @return the newest event that was lost, now or before; [EventId#NONE] if none was
  EventId close();
}
