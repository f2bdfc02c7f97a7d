package dev.fanfare.history.disk;

import dev.fanfare.app.App;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.history.EventId;
import dev.fanfare.history.MemoryStore;
import dev.fanfare.history.PresenceEvents;
import dev.fanfare.history.Purge;
import dev.fanfare.history.UnreadableHistory;
import dev.fanfare.history.segment.SegmentLog;
import dev.fanfare.history.segment.SegmentRecord;
import dev.fanfare.protocol.Parsed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// Drops the joins and leaves of a user, in all channels of an app, from memory and from the files
/// of its rules.
final class UserPurge {

  /// The files of a rule.
  private record Files(HistoryRule rule, RuleLog log) {}

  private final DiskStore store;
  private final String userId;
  private final long nowMs;
  private final List<Files> all = new ArrayList<>();

  UserPurge(DiskStore store, App app, String userId) {
    this.store = store;
    this.userId = userId;
    this.nowMs = store.nowMs();
    for (HistoryRule rule : app.history()) {
      if (rule.store() == HistoryRule.Store.DISK && rule.mayCoverPresence()) {
        all.add(new Files(rule, store.log(app, rule)));
      }
    }
  }

  Purge run(App app, long nowNs) {
    MemoryStore memory = store.memory();
    EventId through = memory.idAbove(app.id(), newest());
    String name = PresenceEvents.user(userId);
    all.forEach(files -> files.log.purging(name, through)); // before memory is emptied
    int inMemory = memory.forget(app, userId, through, nowNs);
    if (all.isEmpty()) {
      return Purge.inMemory(through, inMemory);
    }
    for (Files files : all) {
      SegmentRecord purge = new SegmentRecord.Purge(name, through, nowMs, false);
      store.writer().offer(files.log, purge, name.length());
    }
    CompletableFuture<Boolean> written = store.writer().written();
    return new Purge(through, null, inMemory, 0, () -> count(written, through));
  }

  /// Of what is written, and of this millisecond.
  private EventId newest() {
    EventId newest = new EventId(nowMs, 0);
    for (Files files : all) {
      SegmentLog segments = files.log.segments();
      EventId last = segments == null ? EventId.NONE : segments.lastId();
      newest = last.compareTo(newest) > 0 ? last : newest;
    }
    return newest;
  }

  private Parsed<Integer> count(CompletableFuture<Boolean> written, EventId through) {
    if (!DiskLog.isWritten(written)) {
      return DiskLog.UNWRITTEN_PURGE;
    }
    int events = 0;
    try {
      for (Files files : all) {
        SegmentLog segments = files.log.segments();
        events += segments == null ? 0 : count(segments, files.rule, through);
      }
    } catch (IOException e) {
      throw new UnreadableHistory("cannot read the history of user " + userId, e);
    }
    store.memory().purged(events);
    return new Parsed.Ok<>(events);
  }

  /// What the purge has dropped, and no other one before.
  private int count(SegmentLog segments, HistoryRule rule, EventId through) throws IOException {
    EventId before = newestPurge(segments, PresenceEvents.user(userId), through);
    long oldestMs = nowMs - TimeUnit.SECONDS.toMillis(rule.keepSeconds());
    Map<String, List<EventId>> byChannel = new HashMap<>();
    segments.presence(
        userId,
        event -> {
          EventId id = event.id();
          if (id.compareTo(before) > 0 && id.compareTo(through) <= 0 && id.ms() > oldestMs) {
            byChannel.computeIfAbsent(event.channel(), _ -> new ArrayList<>()).add(id);
          }
          return true;
        });
    int events = 0;
    for (Map.Entry<String, List<EventId>> each : byChannel.entrySet()) {
      EventId purged = newestPurge(segments, each.getKey(), new EventId(Long.MAX_VALUE, 0));
      events += (int) each.getValue().stream().filter(id -> id.compareTo(purged) > 0).count();
    }
    return events;
  }

  /// Up to which event something was purged before.
  private static EventId newestPurge(SegmentLog segments, String name, EventId below)
      throws IOException {
    EventId[] found = {EventId.NONE};
    segments.others(
        name,
        other -> {
          if (other instanceof SegmentRecord.Purge purge
              && purge.through().compareTo(below) < 0
              && purge.through().compareTo(found[0]) > 0) {
            found[0] = purge.through();
          }
          return true;
        });
    return found[0];
  }
}
