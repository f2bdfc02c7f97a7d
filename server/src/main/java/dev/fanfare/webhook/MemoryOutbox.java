package dev.fanfare.webhook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An outbox in memory: for servers that do not keep webhooks on disk, and inside a
/// [DurableOutbox], which answers all queries from it.
public final class MemoryOutbox implements Outbox {

  /// The content of an outbox, to create another one from.
  ///
  /// @param pending in the order of acceptance
  /// @param deadLetters in the order of acceptance
  /// @param counts totals; `pending` and `deadLetters` in it are ignored
  /// @param nextId higher than any id assigned so far
  /// @param attempts failed attempts of pending entries, by id; without those that had none
  record Holdings(
      List<Entry> pending,
      List<DeadLetter> deadLetters,
      Counts counts,
      long nextId,
      Map<Long, Integer> attempts) {

    static final Holdings NONE = startingAt(1);

    /// An empty outbox whose first entry gets this id.
    static Holdings startingAt(long nextId) {
      return new Holdings(List.of(), List.of(), new Counts(0, 0, 0, 0, 0), nextId, Map.of());
    }
  }

  private final int maxDeadLetters;

  // All guarded by this. The maps are sorted by id, which is the order of acceptance.
  private final NavigableMap<Long, Entry> pending = new TreeMap<>();
  private final NavigableMap<Long, DeadLetter> deadLetters = new TreeMap<>();

  // Failed attempts of pending entries, by id; without those that had none.
  private final Map<Long, Integer> attempts = new HashMap<>();
  private final Map<Target, Integer> pendingByTarget = new HashMap<>();
  private long accepted;
  private long delivered;
  private long died;
  private long nextId;

  public MemoryOutbox(int maxDeadLetters) {
    this(maxDeadLetters, Holdings.NONE);
  }

  MemoryOutbox(int maxDeadLetters, Holdings holdings) {
    this.maxDeadLetters = maxDeadLetters;
    for (Entry entry : holdings.pending()) {
      pending.put(entry.id(), entry);
      count(entry, 1);
    }
    holdings.deadLetters().forEach(letter -> deadLetters.put(letter.entry().id(), letter));
    attempts.putAll(holdings.attempts());
    accepted = holdings.counts().accepted();
    delivered = holdings.counts().delivered();
    died = holdings.counts().died();
    nextId = holdings.nextId();
    removeOldest();
  }

  @Override
  public synchronized List<Entry> accept(List<Draft> drafts) {
    List<Entry> entries = new ArrayList<>(drafts.size());
    for (Draft draft : drafts) {
      Entry entry = new Entry(nextId++, draft);
      pending.put(entry.id(), entry);
      count(entry, 1);
      entries.add(entry);
    }
    accepted += drafts.size();
    return List.copyOf(entries);
  }

  @Override
  public synchronized void delivered(List<Entry> entries) {
    for (Entry entry : entries) {
      if (pending.remove(entry.id()) != null) {
        attempts.remove(entry.id());
        count(entry, -1);
        delivered++;
      }
    }
  }

  @Override
  public synchronized int attempted(List<Entry> entries) {
    int most = 0;
    for (Entry entry : entries) {
      if (pending.containsKey(entry.id())) {
        most = Math.max(most, attempts.merge(entry.id(), 1, Integer::sum));
      }
    }
    return most;
  }

  @Override
  public synchronized int attempts(long id) {
    return attempts.getOrDefault(id, 0);
  }

  @Override
  public synchronized void dead(List<Entry> entries, long nowMs, String reason) {
    for (Entry entry : entries) {
      Entry gone = pending.remove(entry.id());
      if (gone != null) {
        count(gone, -1);
        Integer failed = attempts.remove(gone.id());
        int tries = failed == null ? 0 : failed;
        deadLetters.put(gone.id(), new DeadLetter(gone, nowMs, tries, reason));
        died++;
      }
    }
    removeOldest();
  }

  private void count(Entry entry, int change) {
    Target target = new Target(entry.draft().appId(), entry.draft().endpoint());
    int count = pendingByTarget.getOrDefault(target, 0) + change;
    if (count == 0) {
      pendingByTarget.remove(target);
    } else {
      pendingByTarget.put(target, count);
    }
  }

  private void removeOldest() {
    while (deadLetters.size() > maxDeadLetters) {
      deadLetters.pollFirstEntry();
    }
  }

  @Override
  public synchronized List<Entry> pending() {
    return List.copyOf(pending.values());
  }

  @Override
  public synchronized List<Entry> pending(Selection selection, long after, int limit) {
    return some(pending, after, limit, entry -> selection.contains(entry.draft()));
  }

  @Override
  public synchronized List<DeadLetter> deadLetters(Selection selection, long after, int limit) {
    return some(deadLetters, after, limit, letter -> selection.contains(letter.entry().draft()));
  }

  private static <T> List<T> some(
      NavigableMap<Long, T> map, long after, int limit, Predicate<T> wanted) {
    return map.tailMap(after, false).values().stream().filter(wanted).limit(limit).toList();
  }

  private static boolean isOf(String appId, DeadLetter letter) {
    return letter.entry().draft().appId().equals(appId);
  }

  @Override
  public synchronized Optional<DeadLetter> deadLetter(String appId, long id) {
    return Optional.ofNullable(deadLetters.get(id)).filter(letter -> isOf(appId, letter));
  }

  @Override
  public synchronized Optional<Entry> replay(String appId, long id, long nowMs) {
    return deadLetter(appId, id).map(letter -> replay(List.of(letter), nowMs).getFirst());
  }

  @Override
  public synchronized List<Entry> replay(Selection selection, long nowMs) {
    return replay(deadLetters(selection, 0, Integer.MAX_VALUE), nowMs);
  }

  private List<Entry> replay(List<DeadLetter> letters, long nowMs) {
    List<Draft> drafts = new ArrayList<>(letters.size());
    for (DeadLetter letter : letters) {
      deadLetters.remove(letter.entry().id());
      Draft old = letter.entry().draft();
      drafts.add(new Draft(old.appId(), old.endpoint(), old.channel(), nowMs, old.event()));
    }
    return accept(drafts);
  }

  @Override
  public synchronized int purge(Selection selection) {
    int before = deadLetters.size();
    deadLetters.values().removeIf(letter -> selection.contains(letter.entry().draft()));
    return before - deadLetters.size();
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(accepted, delivered, died, pending.size(), deadLetters.size());
  }

  /// The pending entry with this id, or null.
  synchronized @Nullable Entry findPending(long id) {
    return pending.get(id);
  }

  /// The dead letter with this id, or null.
  synchronized @Nullable DeadLetter findDead(long id) {
    return deadLetters.get(id);
  }

  /// A copy of the current content.
  synchronized Holdings holdings() {
    return new Holdings(
        List.copyOf(pending.values()),
        List.copyOf(deadLetters.values()),
        counts(),
        nextId,
        Map.copyOf(attempts));
  }

  /// Higher than any id assigned so far.
  synchronized long nextId() {
    return nextId;
  }

  @Override
  public synchronized Map<Target, Integer> pendingByTarget() {
    return Map.copyOf(pendingByTarget);
  }

  @Override
  public boolean isOnDisk() {
    return false;
  }

  @Override
  public boolean isDurable() {
    return false;
  }

  @Override
  public void close() {}
}
