package dev.fanfare.history.shared;

import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.HistoryPage;
import dev.fanfare.history.StoredEvent;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Reads what the engine keeps, for the HTTP API. Blocks; fails with [StreamsUnavailable]. Any
/// thread.
record SharedPages(SharedStore store) {

  /// A page ends after that many bytes on the heap.
  private static final int PAGE_BYTES = 1 << 20;

  private static final int CHUNK = 64;

  private static final long SLACK_SECONDS = 60;

  /// What there is of a channel.
  ///
  /// @param newest the last entry; [EventId#NONE] if there is none
  record Sum(int events, EventId newest) {}

  /// What a rule keeps of a channel.
  static Streams.Limits limits(HistoryRule rule) {
    long quietSeconds = (long) rule.keepSeconds() + rule.resumeSeconds() + SLACK_SECONDS;
    return new Streams.Limits(
        rule.keepEvents(),
        TimeUnit.SECONDS.toMillis(rule.keepSeconds()),
        TimeUnit.SECONDS.toMillis(quietSeconds));
  }

  HistoryPage read(
      ChannelName channel, ChannelKey key, HistoryRule rule, HistoryPage.Query query, long nowNs) {
    EventId after = query.after() == null ? EventId.NONE : query.after();
    EventId through = query.before() == null ? Streams.END : query.before();
    boolean isComplete = isComplete(channel, key, rule, after);
    List<StoredEvent> events = new ArrayList<>();
    long bytes = 0;
    EventId low = after;
    EventId high = through;
    List<Streams.Entry> chunk;
    do {
      chunk = range(key, low, high, query.isForwards());
      for (Streams.Entry entry : chunk) {
        StoredEvent event = stored(channel, rule, entry, nowNs);
        if (event == null || event.isOver(nowNs) || !query.isBelow(event.id())) {
          continue;
        }
        bytes += event.bytes();
        if (events.size() == query.limit() || (bytes > PAGE_BYTES && !events.isEmpty())) {
          return new HistoryPage(events, isComplete, events.getLast().id());
        }
        events.add(event);
      }
      if (!chunk.isEmpty()) {
        low = query.isForwards() ? chunk.getLast().id() : low;
        high = query.isForwards() ? high : chunk.getLast().previous();
      }
    } while (chunk.size() == CHUNK && high.compareTo(low) > 0);
    return new HistoryPage(events, isComplete, null);
  }

  private List<Streams.Entry> range(
      ChannelKey key, EventId after, EventId through, boolean isForwards) {
    return store.await(store.streams().range(key, after, through, CHUNK, isForwards));
  }

  /// An event as it was kept; null if the entry is none.
  @Nullable StoredEvent stored(
      ChannelName channel, HistoryRule rule, Streams.Entry entry, long nowNs) {
    Publication event = EventCodec.read(channel, entry.payload()).event();
    long ageMs = Math.max(0, store.nowMs() - entry.id().ms());
    return event == null || ageMs >= TimeUnit.SECONDS.toMillis(rule.keepSeconds())
        ? null
        : new StoredEvent(
            entry.id(),
            event,
            0,
            nowNs - TimeUnit.MILLISECONDS.toNanos(ageMs),
            rule.eventIds(),
            rule.idInData());
  }

  /// True if nothing after an event has been dropped.
  private boolean isComplete(ChannelName channel, ChannelKey key, HistoryRule rule, EventId after) {
    List<Streams.Entry> oldest =
        store.await(store.streams().range(key, after, Streams.END, 1, true));
    if (oldest.isEmpty()) {
      return true;
    }
    Streams.Entry first = oldest.getFirst();
    boolean isOld =
        store.nowMs() - first.id().ms() >= TimeUnit.SECONDS.toMillis(rule.keepSeconds());
    return first.previous().compareTo(after) <= 0
        && !isOld
        && !EventCodec.read(channel, first.payload()).isLoss();
  }

  /// How many events there are.
  Sum count(ChannelName channel, ChannelKey key, HistoryRule rule, long nowNs) {
    int events = 0;
    EventId newest = EventId.NONE;
    List<Streams.Entry> chunk;
    do {
      chunk = range(key, newest, Streams.END, true);
      for (Streams.Entry entry : chunk) {
        StoredEvent event = stored(channel, rule, entry, nowNs);
        events += event == null || event.isOver(nowNs) ? 0 : 1;
        newest = entry.id();
      }
    } while (chunk.size() == CHUNK);
    return new Sum(events, newest);
  }
}
