package dev.fanfare.history.shared;

import dev.fanfare.history.Archive;
import dev.fanfare.history.EventId;
import dev.fanfare.history.Gap;
import dev.fanfare.history.Identity;
import dev.fanfare.history.Reader;
import dev.fanfare.history.StoredEvent;
import java.util.ArrayList;
import java.util.List;

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

  @Override
  public void execute(Runnable task) {
    store.execute(task);
  }

  @Override
  public void seen(Identity identity, EventId confirmed) {}

  @Override
  public void follow(Reader reader, Identity identity, String socketId, boolean isMailbox) {
    reader.follow(new SharedReader(store.streams(), log, identity, socketId, reader));
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
