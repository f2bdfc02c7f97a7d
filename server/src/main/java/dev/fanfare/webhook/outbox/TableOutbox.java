package dev.fanfare.webhook.outbox;

import dev.fanfare.protocol.Parsed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/// What every outbox does, wherever its content is: plans a [OutboxChange], applies it and counts.
/// The content is read through a [Table] and is not held here.
public abstract class TableOutbox implements Outbox {

  /// Entries or letters that are handled in one turn of the lock.
  private static final int SLICE = 100;

  /// How many entries one target has pending, and their bytes.
  private static final class Load {
    private int count;
    private long bytes;
  }

  // All guarded by this.
  private final Map<Target, Load> loads = new HashMap<>();
  private final FairBytes<Target> pendingBytes;
  private final int maxDeadLetters;
  private final long maxDeadBytes;
  private DeadIndex dead;
  private long accepted;
  private long delivered;
  private long died;
  private int pending;
  private long nextId = 1;
  private Consumer<OutboxChange> observer = _ -> {};

  /// @param maxBytes bytes of pending entries
  /// @param maxDeadBytes bytes of dead letters
  protected TableOutbox(int maxDeadLetters, long maxBytes, long maxDeadBytes) {
    this.maxDeadLetters = maxDeadLetters;
    this.maxDeadBytes = maxDeadBytes;
    this.pendingBytes = new FairBytes<>(maxBytes);
    this.dead = new DeadIndex(maxDeadLetters, maxDeadBytes);
  }

  /// The current content.
  protected abstract Table table();

  /// Applies a change to the content. Does not throw.
  ///
  /// @param after the totals and the next id after the change
  protected abstract void apply(OutboxChange change, Counts after, long afterNextId);

  /// Which setting limits the bytes of pending entries.
  protected abstract String setting();

  /// False if there is no memory for new dead letters of this size.
  protected boolean keepsLetters(long bytes) {
    return true;
  }

  /// Counts the content again, which was not written by this object.
  protected final synchronized void recount(Counts totals, long firstFreeId) {
    accepted = totals.accepted();
    delivered = totals.delivered();
    died = totals.died();
    nextId = firstFreeId;
    loads.forEach((target, load) -> pendingBytes.release(target, load.bytes));
    loads.clear();
    pending = 0;
    dead = new DeadIndex(maxDeadLetters, maxDeadBytes);
    Table table = table();
    for (Entry next = table.entryAfter(-1); next != null; next = table.entryAfter(next.id())) {
      count(next.draft(), 1);
      nextId = Math.max(nextId, next.id() + 1);
    }
    for (DeadLetter next = table.letterAfter(-1);
        next != null;
        next = table.letterAfter(next.entry().id())) {
      dead.add(next);
      nextId = Math.max(nextId, next.entry().id() + 1);
    }
    evict();
  }

  private void perform(OutboxChange change) {
    accepted += change.accepted().size();
    died += change.died().size();
    change.accepted().forEach(entry -> count(entry.draft(), 1));
    change.settled().forEach(entry -> count(entry.draft(), -1));
    change.died().forEach(dead::add);
    change.forgotten().forEach(dead::remove);
    apply(change, counts(), nextId);
    observer.accept(change);
  }

  @Override
  public synchronized void observe(Consumer<OutboxChange> next) {
    observer = next;
  }

  private void count(Draft draft, int sign) {
    count(draft.target(), sign, (long) sign * draft.bytes());
  }

  private void count(Target target, int change, long bytes) {
    Load load = loads.computeIfAbsent(target, _ -> new Load());
    load.count += change;
    load.bytes += bytes;
    pending += change;
    pendingBytes.add(target, bytes);
    if (load.count == 0) {
      loads.remove(target);
    }
  }

  @Override
  public synchronized Parsed<Parsed.Passed> checkRoom(Target target, long own, long all) {
    if (pendingBytes.admits(target, own, all)) {
      return Parsed.PASSED;
    }
    return new Parsed.Bad<>(
        pendingBytes.used(target)
            + " bytes are waiting already, of "
            + pendingBytes.used()
            + " for all endpoints; the limit is "
            + pendingBytes.limit()
            + ", of which every endpoint leaves a part to the others ("
            + setting()
            + ")");
  }

  @Override
  public synchronized List<Entry> accept(List<Draft> drafts, List<Presence> reported) {
    List<Entry> entries = new ArrayList<>(drafts.size());
    drafts.forEach(draft -> entries.add(new Entry(nextId++, draft)));
    perform(OutboxChange.accepted(List.copyOf(entries), reported));
    return List.copyOf(entries);
  }

  @Override
  public synchronized boolean isUnconfirmed(Presence presence) {
    return table().isUnconfirmed(presence.key());
  }

  @Override
  public synchronized List<Presence> unconfirmed(@Nullable Presence after, int limit) {
    List<Presence> found = new ArrayList<>();
    String key = table().unconfirmedAfter(after == null ? "" : after.key());
    while (key != null) {
      found.add(Presence.absent(key));
      key = found.size() < limit ? table().unconfirmedAfter(key) : null;
    }
    return found;
  }

  @Override
  public synchronized @Nullable Entry find(long id) {
    return table().entry(id);
  }

  @Override
  public synchronized void delivered(List<Entry> entries) {
    List<Entry> known = known(entries);
    delivered += known.size();
    perform(OutboxChange.settled(known));
  }

  @Override
  public synchronized void handedOver(List<Entry> entries) {
    List<Entry> known = known(entries);
    accepted -= known.size();
    perform(OutboxChange.settled(known));
  }

  private List<Entry> known(List<Entry> entries) {
    Table table = table();
    return entries.stream().filter(entry -> table.entry(entry.id()) != null).toList();
  }

  @Override
  public synchronized int attempted(List<Entry> entries) {
    Map<Long, Integer> counts = new HashMap<>();
    int most = 0;
    for (Entry entry : known(entries)) {
      int count = table().attempts(entry.id()) + 1;
      counts.put(entry.id(), count);
      most = Math.max(most, count);
    }
    perform(OutboxChange.attempted(counts));
    return most;
  }

  @Override
  public synchronized int attempts(long id) {
    return table().attempts(id);
  }

  @Override
  public synchronized void dead(List<Entry> entries, long nowMs, String reason) {
    List<Entry> known = known(entries);
    List<DeadLetter> letters = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : known) {
      DeadLetter letter = new DeadLetter(entry, nowMs, table().attempts(entry.id()), reason);
      bytes += letter.bytes();
      if (keepsLetters(bytes)) {
        letters.add(letter);
      }
    }
    died += known.size() - letters.size();
    perform(OutboxChange.died(known, letters));
    evict();
  }

  private void evict() {
    List<DeadLetter> victims = new ArrayList<>();
    DeadLetter victim;
    while ((victim = dead.pollVictim(table()::letter)) != null) {
      victims.add(victim);
      dead.remove(victim);
    }
    if (!victims.isEmpty()) {
      apply(OutboxChange.forgotten(victims), counts(), nextId);
    }
    dead.compact(table()::letter);
  }

  @Override
  public synchronized void lost(Target target, long id) {
    Load load = loads.get(target);
    if (load != null && table().entry(id) == null) {
      Entry gone = new Entry(id, new Draft(target.appId(), target.endpoint(), "", 0, ""));
      count(target, -1, -load.bytes / load.count);
      apply(OutboxChange.settled(List.of(gone)), counts(), nextId);
    }
  }

  @Override
  public void forEachPending(Consumer<List<Entry>> action) {
    List<Entry> slice = pending(-1);
    while (!slice.isEmpty()) {
      action.accept(slice);
      slice = pending(slice.getLast().id());
    }
  }

  @Override
  public List<Entry> pending(long after) {
    return slice(after, table()::entryAfter, Function.identity());
  }

  private List<DeadLetter> letters(long after) {
    return slice(after, table()::letterAfter, DeadLetter::entry);
  }

  private synchronized <T> List<T> slice(
      long after, LongFunction<@Nullable T> records, Function<T, Entry> entry) {
    List<T> slice = new ArrayList<>();
    T next = records.apply(after);
    while (next != null && slice.size() < SLICE) {
      slice.add(next);
      next = records.apply(entry.apply(next).id());
    }
    return slice;
  }

  @Override
  public List<Entry> pending(Selection selection, long after, int limit) {
    return select(selection, after, limit, this::pending, Function.identity());
  }

  @Override
  public List<DeadLetter> deadLetters(Selection selection, long after, int limit) {
    return select(selection, after, limit, this::letters, DeadLetter::entry);
  }

  private static <T> List<T> select(
      Selection selection,
      long after,
      int limit,
      LongFunction<List<T>> slices,
      Function<T, Entry> entry) {
    List<T> found = new ArrayList<>();
    List<T> slice = slices.apply(after);
    for (; !slice.isEmpty(); slice = slices.apply(entry.apply(slice.getLast()).id())) {
      slice.stream()
          .filter(record -> selection.contains(entry.apply(record).draft()))
          .limit(limit - found.size())
          .forEach(found::add);
      if (found.size() == limit) {
        break;
      }
    }
    return found;
  }

  @Override
  public synchronized Optional<DeadLetter> deadLetter(String appId, long id) {
    return Optional.ofNullable(table().letter(id))
        .filter(letter -> letter.entry().draft().appId().equals(appId));
  }

  @Override
  public synchronized Optional<Entry> replay(String appId, long id, long nowMs) {
    return deadLetter(appId, id).map(letter -> replay(List.of(letter), nowMs).getFirst());
  }

  @Override
  public int replay(Selection selection, long nowMs, Consumer<List<Entry>> replayed) {
    return forEachSlice(selection, letters -> replayed.accept(replay(letters, nowMs)));
  }

  private synchronized List<Entry> replay(List<DeadLetter> letters, long nowMs) {
    List<Entry> entries = new ArrayList<>();
    for (DeadLetter letter : letters) {
      Draft old = letter.entry().draft();
      Draft now = new Draft(old.appId(), old.endpoint(), old.channel(), nowMs, old.event());
      entries.add(new Entry(nextId++, now));
    }
    perform(OutboxChange.replayed(letters, List.copyOf(entries)));
    return List.copyOf(entries);
  }

  @Override
  public int purge(Selection selection) {
    return forEachSlice(selection, letters -> perform(OutboxChange.forgotten(letters)));
  }

  /// Calls `action` with the lock held, until there are no letters of this selection that are older
  /// than this call.
  private int forEachSlice(Selection selection, Consumer<List<DeadLetter>> action) {
    long end = nextId();
    long after = 0;
    int count = 0;
    List<DeadLetter> some;
    do {
      synchronized (this) {
        some =
            deadLetters(selection, after, SLICE).stream()
                .filter(letter -> letter.entry().id() < end)
                .toList();
        if (!some.isEmpty()) {
          action.accept(some);
        }
      }
      count += some.size();
      after = some.isEmpty() ? after : some.getLast().entry().id();
    } while (!some.isEmpty());
    return count;
  }

  protected final synchronized long nextId() {
    return nextId;
  }

  @Override
  public synchronized Counts counts() {
    return new Counts(accepted, delivered, died, pending, dead.count());
  }

  @Override
  public synchronized Map<Target, Integer> pendingByTarget() {
    Map<Target, Integer> counts = new HashMap<>();
    loads.forEach((target, load) -> counts.put(target, load.count));
    return counts;
  }

  @Override
  public synchronized Map<Target, Integer> deadByTarget() {
    return dead.byTarget();
  }
}
