package dev.fanfare.history;

import dev.fanfare.app.App;
import dev.fanfare.budget.Share;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The memory of the events that cache channels keep, in bytes of the heap. An app that has
/// exceeded its limit forgets its least recently published event; if all apps together have, the
/// app that keeps most does.
///
/// Any thread, also while a channel's entry is held: the lock is a leaf. What is to be forgotten is
/// returned, because its own entry must be held for that.
public final class CacheBudget {

  /// What one cached event needs beside its text: itself, its channel, and its places in the maps.
  private static final long OVERHEAD_BYTES = 512;

  private static final int MAX_LATIN1 = 0xff;

  /// An event that must be dropped.
  public record Forgotten(App app, String channel, KeptEvent event) {}

  private record Held(KeptEvent event, long bytes) {}

  /// The events of one app, the least recently published first.
  private static final class OfApp {
    final App app;
    final SequencedMap<String, Held> byChannel = new LinkedHashMap<>();
    long bytes;

    OfApp(App app) {
      this.app = app;
    }
  }

  private final Share share;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, OfApp> byApp = new HashMap<>();

  /// A budget of that size.
  public CacheBudget(Share share) {
    this.share = share;
  }

  /// Records an event in the place of the channel's former one. What must be forgotten for it,
  /// perhaps the event itself, is added to `forgotten`.
  public void put(App app, String channel, KeptEvent event, List<Forgotten> forgotten) {
    long bytes = bytes(channel, event);
    lock.lock();
    try {
      OfApp ofApp = byApp.computeIfAbsent(app.id(), _ -> new OfApp(app));
      release(ofApp, ofApp.byChannel.remove(channel));
      ofApp.byChannel.put(channel, new Held(event, bytes));
      ofApp.bytes += bytes;
      share.add(bytes);
      int limit = app.limits().maxCacheBytes();
      while (limit > 0 && ofApp.bytes > limit) {
        forgetOldest(ofApp, forgotten);
      }
      while (share.used() > share.limit() && !byApp.isEmpty()) {
        forgetOldest(largest(), forgotten);
      }
    } finally {
      lock.unlock();
    }
  }

  /// The channel no longer keeps this event.
  @SuppressWarnings("ReferenceEquality") // this very event, not a later one that is equal
  public void remove(String appId, String channel, KeptEvent event) {
    lock.lock();
    try {
      OfApp ofApp = byApp.get(appId);
      Held held = ofApp == null ? null : ofApp.byChannel.get(channel);
      if (ofApp != null && held != null && held.event == event) {
        remove(ofApp, channel);
      }
    } finally {
      lock.unlock();
    }
  }

  private void forgetOldest(OfApp ofApp, List<Forgotten> forgotten) {
    Map.Entry<String, Held> oldest = ofApp.byChannel.firstEntry();
    forgotten.add(new Forgotten(ofApp.app, oldest.getKey(), oldest.getValue().event));
    remove(ofApp, oldest.getKey());
  }

  private void remove(OfApp ofApp, String channel) {
    release(ofApp, ofApp.byChannel.remove(channel));
    if (ofApp.byChannel.isEmpty()) {
      byApp.remove(ofApp.app.id());
    }
  }

  private void release(OfApp ofApp, @Nullable Held held) {
    if (held != null) {
      ofApp.bytes -= held.bytes;
      share.release(held.bytes);
    }
  }

  private OfApp largest() {
    @Nullable OfApp largest = null;
    for (OfApp candidate : byApp.values()) {
      if (largest == null || candidate.bytes > largest.bytes) {
        largest = candidate;
      }
    }
    if (largest == null) {
      throw new IllegalStateException("no app keeps an event");
    }
    return largest;
  }

  private static long bytes(String channel, KeptEvent event) {
    return OVERHEAD_BYTES
        + bytes(channel)
        + bytes(event.publication().event())
        + bytes(event.data());
  }

  /// As the JVM stores text: two bytes per character unless all of them fit into one.
  static long bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > MAX_LATIN1) {
        return 2L * text.length();
      }
    }
    return text.length();
  }
}
