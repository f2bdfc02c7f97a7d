package dev.fanfare.http.once;

import dev.fanfare.budget.Share;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Observation;
import dev.fanfare.observe.ServerListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The keys that this node knows, on the heap: for each app in the order of their use, so that
/// those whose time is over are always the first. Any thread; the lock is held for look-ups in hash
/// maps and for a bounded number of removals.
public final class LocalKeys implements IdempotencyKeys {

  /// How long an answer is remembered.
  static final long WINDOW_NS = TimeUnit.MINUTES.toNanos(5);

  /// Keys of one app.
  static final int MAX_KEYS = 500_000;

  /// Expired keys of an app that one call removes.
  private static final int REMOVED_AT_ONCE = 1_000;

  /// How often keys that were forgotten early are reported.
  private static final long REPORT_NS = TimeUnit.SECONDS.toNanos(10);

  /// What an entry takes on the heap besides the characters of its key and answer.
  private static final long ENTRY_BYTES = 200;

  /// What is known under a key. Guarded by the lock.
  private static final class Entry {
    final Fingerprint content;
    final long atNs;

    /// On the heap, with its key and answer.
    long bytes;

    /// Completes once there is an answer, or none will come; null from then on.
    @Nullable CompletableFuture<Boolean> done = new CompletableFuture<>();

    byte @Nullable [] answer;

    Entry(KeyUse use, long atNs) {
      this.content = use.content();
      this.atNs = atNs;
      this.bytes = ENTRY_BYTES + use.key().length();
    }

    boolean isExpired(long nowNs) {
      return done == null && nowNs - atNs >= WINDOW_NS;
    }
  }

  /// The keys of one app. Guarded by the lock.
  private static final class OfApp {
    final LinkedHashMap<String, Entry> entries = new LinkedHashMap<>();
    long bytes;

    /// Not yet reported.
    int forgotten;
  }

  private final Share share;
  private final NanoClock clock;
  private final ServerListener listener;
  private final int maxKeys;
  private final ReentrantLock lock = new ReentrantLock();

  // Guarded by the lock.
  private final Map<String, OfApp> apps = new HashMap<>();
  private long reportedNs;

  /// @param share what the keys of all apps may take
  /// @param listener is notified by [#sweep] of keys that were forgotten early
  public LocalKeys(Share share, NanoClock clock, ServerListener listener) {
    this(share, clock, listener, MAX_KEYS);
  }

  /// @param maxKeys of one app
  LocalKeys(Share share, NanoClock clock, ServerListener listener, int maxKeys) {
    this.share = share;
    this.clock = clock;
    this.listener = listener;
    this.maxKeys = maxKeys;
    this.reportedNs = clock.nanoTime() - REPORT_NS;
  }

  @Override
  public Claim claim(String appId, List<KeyUse> uses) {
    long nowNs = clock.nanoTime();
    lock.lock();
    try {
      OfApp app = apps.computeIfAbsent(appId, _ -> new OfApp());
      removeExpired(app, nowNs);
      for (KeyUse use : uses) {
        Entry known = find(app, use.key(), nowNs);
        if (known != null && !known.content.equals(use.content())) {
          return new Claim.Conflict(use.key());
        }
        if (known != null && known.done != null) {
          return new Claim.Busy(known.done);
        }
      }
      List<@Nullable Entry> fresh = new ArrayList<>(uses.size());
      List<byte @Nullable []> answers = new ArrayList<>(uses.size());
      for (KeyUse use : uses) {
        Entry known = find(app, use.key(), nowNs);
        fresh.add(known == null ? add(app, use, nowNs) : null);
        answers.add(known == null ? null : known.answer);
      }
      makeRoom();
      return new LocalClaim(app, uses, fresh, answers);
    } finally {
      lock.unlock();
    }
  }

  private static @Nullable Entry find(OfApp app, String key, long nowNs) {
    Entry entry = app.entries.get(key);
    return entry == null || entry.isExpired(nowNs) ? null : entry;
  }

  private Entry add(OfApp app, KeyUse use, long nowNs) {
    Entry expired = app.entries.remove(use.key());
    if (expired != null) {
      release(app, expired);
    }
    if (app.entries.size() >= maxKeys) {
      forgetFirst(app);
    }
    Entry entry = new Entry(use, nowNs);
    app.entries.put(use.key(), entry);
    app.bytes += entry.bytes;
    share.add(entry.bytes);
    return entry;
  }

  private void release(OfApp app, Entry removed) {
    app.bytes -= removed.bytes;
    share.release(removed.bytes);
  }

  private void forgetFirst(OfApp app) {
    Map.Entry<String, Entry> first = app.entries.pollFirstEntry();
    if (first != null) {
      release(app, first.getValue());
      app.forgotten++;
    }
  }

  private void removeExpired(OfApp app, long nowNs) {
    Iterator<Entry> entries = app.entries.values().iterator();
    for (int i = 0; i < REMOVED_AT_ONCE && entries.hasNext(); i++) {
      Entry entry = entries.next();
      if (!entry.isExpired(nowNs)) {
        return;
      }
      entries.remove();
      release(app, entry);
    }
  }

  /// Forgets the oldest keys of the app that has most, until all fit into their share.
  private void makeRoom() {
    while (share.used() > share.limit()) {
      OfApp largest = null;
      for (OfApp app : apps.values()) {
        largest = largest == null || app.bytes > largest.bytes ? app : largest;
      }
      if (largest == null || largest.entries.isEmpty()) {
        return;
      }
      forgetFirst(largest);
    }
  }

  /// Removes keys whose time is over, and reports those that were forgotten early. Called ten times
  /// a second by the housekeeping thread.
  public void sweep() {
    List<Observation> reports = new ArrayList<>();
    long nowNs = clock.nanoTime();
    lock.lock();
    try {
      boolean isTimeToReport = nowNs - reportedNs >= REPORT_NS;
      for (Map.Entry<String, OfApp> each : apps.entrySet()) {
        OfApp app = each.getValue();
        removeExpired(app, nowNs);
        if (isTimeToReport && app.forgotten > 0) {
          reports.add(new Observation.KeysForgotten(each.getKey(), app.forgotten));
          app.forgotten = 0;
          reportedNs = nowNs;
        }
      }
      apps.values().removeIf(app -> app.entries.isEmpty() && app.forgotten == 0);
    } finally {
      lock.unlock();
    }
    reports.forEach(listener::on);
  }

  /// Keys of all apps that are remembered. Any thread.
  int size() {
    lock.lock();
    try {
      return apps.values().stream().mapToInt(app -> app.entries.size()).sum();
    } finally {
      lock.unlock();
    }
  }

  private final class LocalClaim implements Claim.Granted {
    private final OfApp app;
    private final List<KeyUse> uses;

    /// Those that this claim has added; null for keys with an answer.
    private final List<@Nullable Entry> fresh;

    private final List<byte @Nullable []> answers;

    LocalClaim(
        OfApp app,
        List<KeyUse> uses,
        List<@Nullable Entry> fresh,
        List<byte @Nullable []> answers) {
      this.app = app;
      this.uses = uses;
      this.fresh = fresh;
      this.answers = answers;
    }

    @Override
    public byte @Nullable [] answer(int index) {
      return answers.get(index);
    }

    @Override
    public void settle(List<byte @Nullable []> found) {
      end(found);
    }

    @Override
    public void abandon() {
      end(null);
    }

    private void end(@Nullable List<byte @Nullable []> found) {
      List<CompletableFuture<Boolean>> waiting = new ArrayList<>(fresh.size());
      lock.lock();
      try {
        for (int i = 0; i < fresh.size(); i++) {
          Entry entry = fresh.get(i);
          if (entry != null && entry.done != null) {
            waiting.add(entry.done);
            entry.done = null;
            end(uses.get(i).key(), entry, found == null ? null : found.get(i));
          }
        }
        makeRoom();
      } finally {
        lock.unlock();
      }
      waiting.forEach(done -> done.complete(true));
    }

    private void end(String key, Entry entry, byte @Nullable [] found) {
      if (app.entries.get(key) != entry) {
        return; // it was forgotten meanwhile
      }
      if (found == null) {
        app.entries.remove(key);
        release(app, entry);
      } else {
        entry.answer = found;
        entry.bytes += found.length;
        app.bytes += found.length;
        share.add(found.length);
      }
    }
  }
}
