package dev.fanfare.history.shared;

import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Reader;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.history.mailbox.Cursors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What the engine keeps of one channel, for subscriptions that begin before what is in memory.
record SharedArchive(SharedStore store, SharedLog log) implements Archive {

  /// Reads from the engine until an entry has been passed on, or all have been. Blocks.
  ///
  /// @return the last entry that was passed on
  EventId reach(EventId wanted) {
    EventId newest = log.newest();
    EventId before = EventId.NONE;
    while (newest.compareTo(wanted) < 0 && newest.compareTo(before) >= 0) {
      List<Streams.Entry> found =
          store.await(store.streams().range(log.key(), newest, Streams.END, SharedLog.PAGE, true));
      if (found.isEmpty()) {
        return newest;
      }
      found.forEach(log::offer);
      log.wake();
      before = found.getFirst().id();
      newest = log.newest();
    }
    return newest;
  }

  /// The newest entry that a subscription with this start need not get live.
  EventId known(long joinedAt) {
    EventId began = store.await(log.begun());
    EventId id = log.idAt(joinedAt);
    return id == null ? began : id;
  }

  /// The cursors of the readers that are not forgotten.
  Cursors cursors(HistoryRule rule) {
    Map<String, EventId> confirmed = new TreeMap<>();
    store
        .await(store.streams().cursors(log.key()))
        .forEach((reader, cursor) -> {
          if (store.nowMs() - cursor.seenMs() < log.cursorMs()) {
            confirmed.put(reader, cursor.confirmed());
          }
        });
    return new Cursors(rule.newReader(), confirmed);
  }

  /// Keeps the cursor of a reader. A new one waits until the engine has it: else it would be new
  /// once more after the node was killed, and perhaps not get what has been published meanwhile.
  void keep(String reader, EventId confirmed, boolean isNew) {
    if (isNew) {
      var _ =
          store.await(store.streams().seen(log.key(), Map.of(reader, confirmed), log.cursorMs()));
    } else {
      store.confirmations().add(log.key(), reader, confirmed, log.cursorMs());
    }
  }

  @Override
  public void execute(Runnable task) {
    store.execute(task);
  }

  @Override
  public void seen(Identity identity, EventId confirmed) {}

  @Override
  public void follow(Reader reader, Identity identity, String socketId, boolean isMailbox) {
    reader.follow(new SharedReader(store, log, identity, socketId, reader, isMailbox));
  }

  @Override
  public Decision decide(Question question, long through) {
    return new Beginning(store, log, this, question).decide(through);
  }

  @Override
  public Page page(long after, long nowNs) {
    return new Page(List.of(), after, EventId.NONE);
  }

  /// Reads from the engine, up to what memory has; if the engine does not answer, memory is all
  /// that there is.
  @Override
  public Page page(EventId after, long nowNs) {
    try {
      EventId through = log.newest();
      if (after.compareTo(log.edge()) >= 0) {
        return new Page(List.of(), log.sequenceAt(after), EventId.NONE);
      }
      List<Streams.Entry> found =
          store.await(store.streams().range(log.key(), after, through, SharedLog.PAGE, true));
      List<StoredEvent> events = new ArrayList<>(found.size());
      for (Streams.Entry entry : found) {
        StoredEvent event = store.stored(log.channel(), log.rule(), entry, nowNs);
        if (event != null && !event.isOver(nowNs)) {
          events.add(event);
        }
      }
      return found.isEmpty()
          ? new Page(List.of(), log.sequenceAt(after), EventId.NONE)
          : new Page(events, 0, EventId.NONE, found.getLast().id(), null);
    } catch (StreamsUnavailable e) {
      Gap gap = new Gap(Gap.Reason.LOST, after, null);
      return new Page(List.of(), log.sequenceAt(after), EventId.NONE, null, gap);
    }
  }
}
