package dev.fanfare.webhook.outbox;

import dev.fanfare.webhook.outbox.Outbox.DeadLetter;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// How many dead letters each app has, and which of them is the oldest. Above a limit, the app that
/// has the most loses its oldest one, so an app cannot push out those of others. Guarded by the
/// outbox's lock.
final class DeadIndex {

  /// One app's dead letters, in the order in which they died. Ids of letters that are gone stay in
  /// the queue until they are its first, or too many.
  private static final class OfApp {

    private IdQueue ids = new IdQueue();
    private int count;
    private long bytes;

    int count() {
      return count;
    }

    long bytes() {
      return bytes;
    }
  }

  private static final int MIN_QUEUE = 64;

  private final int maxCount;
  private final long maxBytes;
  private final Map<String, OfApp> byApp = new HashMap<>();
  private final Map<Outbox.Target, Integer> byTarget = new HashMap<>();
  private int count;
  private long bytes;

  DeadIndex(int maxCount, long maxBytes) {
    this.maxCount = maxCount;
    this.maxBytes = maxBytes;
  }

  void add(DeadLetter letter) {
    OfApp app = byApp.computeIfAbsent(letter.entry().draft().appId(), _ -> new OfApp());
    app.ids.addLast(letter.entry().id());
    change(app, letter, 1);
  }

  /// A letter is gone.
  void remove(DeadLetter letter) {
    String appId = letter.entry().draft().appId();
    OfApp app = byApp.get(appId);
    if (app == null) {
      return;
    }
    change(app, letter, -1);
    if (app.count == 0) {
      byApp.remove(appId);
    }
  }

  private void change(OfApp app, DeadLetter letter, int sign) {
    app.count += sign;
    byTarget.merge(
        letter.entry().draft().target(),
        sign,
        (old, added) -> old + added == 0 ? null : old + added);
    app.bytes += (long) sign * letter.bytes();
    count += sign;
    bytes += (long) sign * letter.bytes();
  }

  int count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /// How many there are for each app and endpoint; without those that have none.
  Map<Outbox.Target, Integer> byTarget() {
    return Map.copyOf(byTarget);
  }

  /// Takes out the letter that has to go, or returns null if there is room for all. The caller
  /// removes it.
  @Nullable DeadLetter pollVictim(LongFunction<@Nullable DeadLetter> letters) {
    while (count > maxCount || bytes > maxBytes) {
      Comparator<OfApp> most =
          count > maxCount
              ? Comparator.comparingInt(OfApp::count)
              : Comparator.comparingLong(OfApp::bytes);
      OfApp app = byApp.values().stream().max(most).orElse(null);
      if (app == null || app.ids.isEmpty()) {
        return null;
      }
      DeadLetter oldest = letters.apply(app.ids.removeFirst());
      if (oldest != null) {
        return oldest;
      }
    }
    return null;
  }

  /// Drops the ids of letters that are gone from queues that consist mostly of them.
  void compact(LongFunction<@Nullable DeadLetter> letters) {
    for (OfApp app : byApp.values()) {
      if (app.ids.size() > MIN_QUEUE && app.ids.size() > 2 * app.count) {
        IdQueue left = new IdQueue();
        while (!app.ids.isEmpty()) {
          long id = app.ids.removeFirst();
          if (letters.apply(id) != null) {
            left.addLast(id);
          }
        }
        app.ids = left;
      }
    }
  }
}
