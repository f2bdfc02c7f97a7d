package dev.fanfare.sql;

import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Look-ups that memory cannot answer: those that wait for a query, and the answers of the last few
/// seconds that were no app. Both are bounded, because strangers choose the names. Any thread.
final class Answers {

  /// Names that may wait. A name has up to 255 characters, so that is 2 MB, with what waits for it.
  static final int MAX_WAITING = 4_096;

  /// Names that are remembered: 8 MB. The oldest is forgotten first.
  static final int MAX_REMEMBERED = 16_384;

  private static final long REMEMBERED_NS = TimeUnit.SECONDS.toNanos(3);

  private record Remembered(Lookup.Settled answer, long atNs) {}

  // All guarded by this. In the order of their arrival.
  private final Map<Name, CompletableFuture<Lookup.Settled>> waiting = new LinkedHashMap<>();
  private final Map<Name, Remembered> remembered = new LinkedHashMap<>();
  private Lookup.@Nullable Failed closed;
  private long found;
  private long unknown;
  private long failed;

  /// What is known about a name; a new wait if nothing is.
  ///
  /// @param onNew called for a new wait, which must be quick
  synchronized Lookup of(Name name, long nowNs, Runnable onNew) {
    Remembered earlier = remembered.get(name);
    if (earlier != null && nowNs - earlier.atNs < REMEMBERED_NS) {
      count(earlier.answer);
      return earlier.answer;
    }
    CompletableFuture<Lookup.Settled> waits = waiting.get(name);
    if (waits != null) {
      return new Lookup.Later(waits);
    }
    Lookup.Failed refusal =
        closed == null && waiting.size() >= MAX_WAITING
            ? new Lookup.Failed("too many unknown apps are being looked up")
            : closed;
    if (refusal != null) {
      count(refusal);
      return refusal;
    }
    CompletableFuture<Lookup.Settled> later = new CompletableFuture<>();
    waiting.put(name, later);
    onNew.run();
    return new Lookup.Later(later);
  }

  private void count(Lookup.Settled answer) {
    switch (answer) {
      case Lookup.Unknown _ -> unknown++;
      case Lookup.Failed _ -> failed++;
      default -> found++;
    }
  }

  /// The names that have waited longest, `max` at most.
  synchronized Set<Name> oldest(int max) {
    Set<Name> names = new LinkedHashSet<>();
    for (Name name : waiting.keySet()) {
      if (names.size() == max) {
        break;
      }
      names.add(name);
    }
    return names;
  }

  synchronized int waiting() {
    return waiting.size();
  }

  /// Answers waits. Answers that are no app are remembered from `nowNs` on.
  void settle(Map<Name, Lookup.Settled> answers, long nowNs) {
    Map<CompletableFuture<Lookup.Settled>, Lookup.Settled> settled = new HashMap<>();
    synchronized (this) {
      answers.forEach((name, answer) -> {
        CompletableFuture<Lookup.Settled> waits = waiting.remove(name);
        if (waits != null) {
          count(answer);
          settled.put(waits, answer);
        }
        remembered.remove(name);
        if (!(answer instanceof LiveApp)) {
          remember(name, answer, nowNs);
        }
      });
    }
    settled.forEach(CompletableFuture::complete);
  }

  private void remember(Name name, Lookup.Settled answer, long nowNs) {
    remembered.put(name, new Remembered(answer, nowNs));
    if (remembered.size() > MAX_REMEMBERED) {
      remembered.remove(remembered.keySet().iterator().next());
    }
  }

  /// Refuses all that wait and every new one, until [#open].
  void close(Lookup.Failed reason) {
    Map<CompletableFuture<Lookup.Settled>, Lookup.Settled> refused = new HashMap<>();
    synchronized (this) {
      closed = reason;
      waiting
          .values()
          .forEach(waits -> {
            count(reason);
            refused.put(waits, reason);
          });
      waiting.clear();
    }
    refused.forEach(CompletableFuture::complete);
  }

  /// Accepts look-ups again. What was unknown before may have been created meanwhile.
  synchronized void open() {
    if (closed != null) {
      closed = null;
      remembered.clear();
    }
  }

  /// Forgets what is unknown, since it may have been created.
  synchronized void forget() {
    remembered.clear();
  }

  synchronized long found() {
    return found;
  }

  synchronized long unknown() {
    return unknown;
  }

  synchronized long failed() {
    return failed;
  }
}
