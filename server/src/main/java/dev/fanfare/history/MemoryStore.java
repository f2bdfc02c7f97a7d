package dev.fanfare.history;

import dev.fanfare.app.App;
import dev.fanfare.app.ChannelKey;
import dev.fanfare.app.HistoryRule;
import dev.fanfare.budget.Share;
import dev.fanfare.protocol.ChannelName;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Keeps events on the heap, at most as many bytes as its share has. Above that, the app that keeps
/// most loses the oldest events of the channel to which it published least recently.
///
/// Any thread, also while a channel's entry is held. The locks of rings may be taken while the lock
/// is held, never the other way round.
public final class MemoryStore implements HistoryStore {

  /// The rings with events of one app, the least recently published first.
  private static final class OfApp {
    final SequencedMap<String, Ring> rings = new LinkedHashMap<>();
    long bytes;
  }

  /// What an earlier process has kept of a channel, until its log is opened.
  private record Restored(Inherited.Channel kept, long nowNs) {}

  /// What a position takes on the heap, with its places in maps.
  private static final int POSITION_BYTES = 400;

  /// The number in the id up to which a user is purged: one millisecond has fewer events.
  private static final long LAST_OF_PURGED = 999_999_999;

  private final Share share;
  private final InstantSource wall;
  private final LongAdder kept = new LongAdder();
  private final LongAdder evicted = new LongAdder();
  private final LongAdder purged = new LongAdder();
  private final Departed departed;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, OfApp> byApp = new HashMap<>();

  /// At least the id of every event of closed logs. Written while the lock is held.
  private volatile EventId bound = EventId.NONE;

  private @Nullable Restored restored;

  /// A store of that size, whose event ids have the time of `wall`. Positions take half as much
  /// memory besides.
  public MemoryStore(Share share, InstantSource wall, ResumeOptions options) {
    this.share = share;
    this.wall = wall;
    long maxPositions = share.limit() / (2 * POSITION_BYTES);
    this.departed = new Departed(options, Math.clamp(maxPositions, 1, Integer.MAX_VALUE));
  }

  /// The same with the default options.
  public MemoryStore(Share share, InstantSource wall) {
    this(share, wall, ResumeOptions.DEFAULTS);
  }

  /// A store that may keep any amount.
  public static MemoryStore unlimited() {
    return new MemoryStore(new Share("history", "", Long.MAX_VALUE), InstantSource.system());
  }

  /// Events that were kept since the start. Any thread.
  public long kept() {
    return kept.sum();
  }

  /// Events that were dropped because the memory was used up. Any thread.
  public long evicted() {
    return evicted.sum();
  }

  /// Events that were purged. Any thread.
  public long purged() {
    return purged.sum();
  }

  /// That many events were purged. Any thread.
  public void purged(int events) {
    purged.add(events);
  }

  /// Bytes are kept elsewhere for a while, in the memory of this store. Any thread.
  public void hold(long bytes) {
    share.add(bytes);
  }

  /// Returns them. Any thread.
  public void release(long bytes) {
    share.release(bytes);
  }

  @Override
  public EventLog open(App app, ChannelName channel, HistoryRule rule) {
    return open(app, channel.value(), rule);
  }

  @Override
  public EventLog openPresence(App app, ChannelName channel, HistoryRule rule) {
    return open(app, PresenceEvents.log(channel), rule);
  }

  private EventLog open(App app, String name, HistoryRule rule) {
    EventId start = new EventId(nowMs() - 1, 0);
    Ring ring;
    Restored earlier;
    lock.lock();
    try {
      EventId before = bound.compareTo(start) > 0 ? bound : start;
      ring = new Ring(app.id(), name, rule, this, before);
      earlier = takeRestored(new ChannelKey(app.id(), name), rule);
    } finally {
      lock.unlock();
    }
    if (earlier != null) {
      ring.restore(earlier.kept, earlier.nowNs);
    }
    return ring;
  }

  private @Nullable Restored takeRestored(ChannelKey channel, HistoryRule rule) {
    Restored earlier = restored;
    if (earlier == null
        || rule.store() != HistoryRule.Store.MEMORY
        || !earlier.kept.channel().equals(channel)) {
      return null;
    }
    restored = null;
    return earlier;
  }

  /// What an earlier process has kept of a channel: it is there when `opening` opens its log. One
  /// at a time.
  public void restore(Inherited.Channel kept, long nowNs, Runnable opening) {
    setRestored(new Restored(kept, nowNs));
    try {
      opening.run();
    } finally {
      boolean isLost = setRestored(null);
      if (isLost && !PresenceEvents.isLog(kept.channel().channel())) {
        departed.closed(kept.channel().appId(), kept.channel().channel(), kept.newest());
      }
    }
  }

  /// True if there was something to restore.
  private boolean setRestored(@Nullable Restored next) {
    lock.lock();
    try {
      boolean wasThere = restored != null;
      restored = next;
      return wasThere;
    } finally {
      lock.unlock();
    }
  }

  /// What the channels keep, those of an app that were published to least recently first, then the
  /// joins and leaves of their users.
  public List<Inherited.Channel> channels() {
    List<Inherited.Channel> channels = new ArrayList<>();
    List<Inherited.Channel> presence = new ArrayList<>();
    lock.lock();
    try {
      for (OfApp ofApp : byApp.values()) {
        for (Ring ring : ofApp.rings.values()) {
          Inherited.Channel kept = ring.kept();
          if (kept != null) {
            (PresenceEvents.isLog(ring.channel) ? presence : channels).add(kept);
          }
        }
      }
    } finally {
      lock.unlock();
    }
    channels.addAll(presence);
    return channels;
  }

  @Override
  public Purge purgeUser(App app, String userId, long nowNs) {
    EventId through = idAbove(app.id(), new EventId(nowMs(), 0));
    return Purge.inMemory(through, forget(app, userId, through, nowNs));
  }

  /// An id that is higher than those of all joins and leaves of an app.
  ///
  /// @param atLeast it is higher than this one, too
  public EventId idAbove(String appId, EventId atLeast) {
    EventId highest = notBelow(atLeast);
    for (Ring ring : presenceOf(appId)) {
      EventId newest = ring.newestId();
      highest = newest.compareTo(highest) > 0 ? newest : highest;
    }
    EventId id = new EventId(highest.ms(), LAST_OF_PURGED);
    // Events after an earlier purge in this millisecond have higher numbers.
    return highest.compareTo(id) >= 0 ? highest.next(0) : id;
  }

  /// Drops what memory keeps of the joins and leaves of a user.
  ///
  /// @param through the ids of later ones are higher
  /// @return how many that is of rules that keep them only here
  public int forget(App app, String userId, EventId through, long nowNs) {
    reserveIds(through);
    int events = 0;
    for (Ring ring : presenceOf(app.id())) {
      events += ring.forget(userId, through, nowNs);
    }
    purged(events);
    return events;
  }

  private List<Ring> presenceOf(String appId) {
    lock.lock();
    try {
      OfApp ofApp = byApp.get(appId);
      return ofApp == null
          ? List.of()
          : ofApp.rings.values().stream()
              .filter(ring -> PresenceEvents.isLog(ring.channel))
              .toList();
    } finally {
      lock.unlock();
    }
  }

  /// At least the id of every event of closed logs. Any thread, also with the lock of a ring.
  public EventId reservedIds() {
    return bound;
  }

  /// The events of a channel that arrive here, whose ids are given elsewhere.
  ///
  /// @param bound no event has a lower id
  public EventLog open(String appId, String channel, HistoryRule rule, EventId bound) {
    return new Ring(appId, channel, rule, this, bound);
  }

  /// The higher of this id and [#reservedIds], which is above what was purged of users. Any thread,
  /// also with the lock of a ring.
  EventId notBelow(EventId id) {
    EventId reserved = bound;
    return reserved.compareTo(id) > 0 ? reserved : id;
  }

  /// From now on, channels begin with ids above this one.
  public void reserveIds(EventId through) {
    lock.lock();
    try {
      bound = through.compareTo(bound) > 0 ? through : bound;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Departed departed() {
    return departed;
  }

  long nowMs() {
    return wall.millis();
  }

  /// A ring has a new event, and perhaps dropped older ones.
  void kept(Ring ring, long before, long after) {
    kept.increment();
    changed(ring, before, after);
  }

  /// A ring has events of an earlier process.
  void restored(Ring ring, long bytes) {
    if (bytes > 0) {
      changed(ring, 0, bytes);
    }
  }

  private void changed(Ring ring, long before, long after) {
    if (after > before) {
      share.add(after - before);
    } else {
      share.release(before - after);
    }
    lock.lock();
    try {
      OfApp ofApp = byApp.computeIfAbsent(ring.appId, _ -> new OfApp());
      ofApp.bytes += after - before;
      ofApp.rings.remove(ring.channel);
      ofApp.rings.put(ring.channel, ring);
      boolean isFree = share.used() <= share.limit();
      while (!isFree) {
        isFree = !evict() || share.used() <= share.limit();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Drops the oldest events of one channel; false if there is none.
  private boolean evict() {
    OfApp largest = largest();
    if (largest == null) {
      return false;
    }
    Ring ring = largest.rings.firstEntry().getValue();
    int before = ring.size();
    long freed = ring.evict(share.used() - share.limit());
    int after = ring.size();
    evicted.add(before - after);
    share.release(freed);
    largest.bytes -= freed;
    if (after == 0) {
      largest.rings.remove(ring.channel);
    }
    return true;
  }

  private @Nullable OfApp largest() {
    OfApp largest = null;
    for (OfApp candidate : byApp.values()) {
      if (!candidate.rings.isEmpty() && (largest == null || candidate.bytes > largest.bytes)) {
        largest = candidate;
      }
    }
    return largest;
  }

  /// A ring has dropped events.
  void released(Ring ring, long bytes) {
    if (bytes == 0) {
      return;
    }
    share.release(bytes);
    lock.lock();
    try {
      OfApp ofApp = byApp.get(ring.appId);
      if (ofApp != null) {
        ofApp.bytes -= bytes;
      }
    } finally {
      lock.unlock();
    }
  }

  /// A ring will not be used again.
  ///
  /// @param newest the id of its newest event
  void closed(Ring ring, EventId newest) {
    lock.lock();
    try {
      bound = newest.compareTo(bound) > 0 ? newest : bound;
      OfApp ofApp = byApp.get(ring.appId);
      if (ofApp != null) {
        ofApp.rings.remove(ring.channel, ring);
        if (ofApp.rings.isEmpty()) {
          byApp.remove(ring.appId);
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
