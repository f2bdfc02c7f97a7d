package dev.fanfare.sql;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.app.CurrentApps;
import dev.fanfare.app.DirectoryState;
import dev.fanfare.app.LiveApp;
import dev.fanfare.app.Lookup;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Looks up apps in memory, then in a table. Names that memory does not have wait for each other:
/// one query asks for all of them, and there are at most eight such queries per second, however
/// many strangers connect. The apps in memory are read again in one query every five seconds; of a
/// table that counts its changes, only those every second. Changes are applied like a reload.
///
/// Look-ups are for any thread. [#turn] is called by one thread, which may block; nothing else
/// changes the apps in memory.
final class Directory implements Apps {

  static final long ASK_NS = TimeUnit.MILLISECONDS.toNanos(125);
  static final long REFRESH_NS = TimeUnit.SECONDS.toNanos(5);
  static final long CHANGE_NS = TimeUnit.MILLISECONDS.toNanos(250);
  static final long RETRY_NS = TimeUnit.SECONDS.toNanos(1);

  /// Names in one query.
  static final int MAX_ASKED = 2_048;

  /// What changes of apps are applied to.
  interface Outside {

    /// Replaces the apps in memory, as a reload does.
    void apply(List<App> apps);

    /// The database has not answered.
    ///
    /// @param reason without a full stop
    /// @param hasAnswered false if it never has
    void away(String reason, boolean hasAnswered);

    /// The database answers, again or for the first time.
    void here();

    /// The apps that are needed from the start on have been applied, as far as they have a row.
    void loaded();
  }

  private final CurrentApps current;
  private final AppTable table;
  private final Readings readings;
  private final NanoClock clock;
  private final Usage usage;
  private final Outside outside;
  private final int maxApps;
  private final Runnable wake;
  private final Versions versions;
  private final Answers answers = new Answers();

  /// Completed when a change is applied.
  private final Queue<CompletableFuture<Void>> changes = new ConcurrentLinkedQueue<>();

  // Confined to the thread of `turn`.
  private long askedNs;
  private long refreshedNs;

  /// When idle apps were evicted last.
  private long sweptNs;

  private boolean hasAnswered;
  private boolean isRefreshDue = true;

  /// The ids that [#load] has named, until they have been read.
  private Set<String> needed = Set.of();

  private volatile boolean isChanged;
  private volatile boolean isAway;
  private volatile boolean isClosed;
  private final AtomicLong queries = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();

  /// @param current the apps in memory
  /// @param maxApps that are in memory, as long as some of them are idle
  /// @param wake makes the thread call [#turn]; must be quick
  Directory(
      CurrentApps current,
      AppTable table,
      Readings readings,
      NanoClock clock,
      Usage usage,
      Outside outside,
      int maxApps,
      Runnable wake) {
    this.current = current;
    this.table = table;
    this.readings = readings;
    this.clock = clock;
    this.usage = usage;
    this.outside = outside;
    this.maxApps = maxApps;
    this.wake = wake;
    this.versions = new Versions(table);
    long nowNs = clock.nanoTime();
    this.askedNs = nowNs - ASK_NS;
    this.refreshedNs = nowNs - REFRESH_NS;
    this.sweptNs = refreshedNs;
  }

  @Override
  public Lookup byKey(String key) {
    return lookup(current.byKey(key), true, key);
  }

  @Override
  public Lookup byId(String id) {
    return lookup(current.byId(id), false, id);
  }

  private Lookup lookup(Lookup inMemory, boolean isKey, String text) {
    if (inMemory instanceof LiveApp app && usage.touch(app.id())) {
      return app;
    }
    Name name = new Name(isKey, text);
    return name.isPossible() ? answers.of(name, clock.nanoTime(), wake) : Lookup.Unknown.UNKNOWN;
  }

  @Override
  public @Nullable App known(String id) {
    return current.known(id);
  }

  @Override
  public @Nullable App knownByKey(String key) {
    return current.knownByKey(key);
  }

  @Override
  public Collection<App> known() {
    return current.known();
  }

  @Override
  public boolean isLoaded() {
    return current.isLoaded();
  }

  /// The newest state. Any thread.
  DirectoryState state() {
    return new DirectoryState(
        !isAway,
        current.known().size(),
        answers.waiting(),
        queries.get(),
        failures.get(),
        new DirectoryState.Lookups(answers.found(), answers.unknown(), answers.failed()));
  }

  /// Does what is due.
  ///
  /// @return nanoseconds until something is due
  long turn() {
    long nowNs = clock.nanoTime();
    long everyNs = isChanged ? CHANGE_NS : versions.everyNs();
    long refreshNs = (isAway ? RETRY_NS : everyNs) - (nowNs - refreshedNs);
    if (isRefreshDue || refreshNs <= 0) {
      refresh(nowNs);
      return 0;
    }
    if (answers.waiting() == 0) {
      return refreshNs;
    }
    long askNs = ASK_NS - (nowNs - askedNs);
    if (askNs > 0) {
      return Math.min(askNs, refreshNs);
    }
    ask(answers.oldest(MAX_ASKED), nowNs);
    return 0;
  }

  /// Reads apps that are needed although no client looks them up, such as those with undelivered
  /// webhooks. Before the first [#turn]; if the database does not answer, turns try again.
  void load(Collection<String> ids) {
    if (!ids.isEmpty()) {
      needed = Set.copyOf(ids);
      readAgain(clock.nanoTime());
    }
  }

  private void ask(Set<Name> names, long nowNs) {
    askedNs = nowNs;
    Set<String> ids = texts(names, false);
    Set<String> keys = texts(names, true);
    List<AppRow> rows = find(ids, keys);
    if (rows == null) {
      return;
    }
    Merge merge = new Merge(current, readings);
    if (!merge.add(rows, ids)) {
      // What was read contradicts what is in memory, which is therefore read too.
      List<AppRow> all = find(knownIds(ids), knownKeys(keys));
      if (all == null) {
        return;
      }
      merge = new Merge(current, readings);
      boolean _ = merge.add(all, knownIds(ids));
    }
    apply(merge, names, nowNs);
    settle(names, merge);
  }

  /// Reads all apps in memory again soon, since the table has changed. Any thread.
  ///
  /// @return completed when that was tried
  CompletableFuture<Void> changed() {
    CompletableFuture<Void> change = new CompletableFuture<>();
    changes.add(change);
    isChanged = true;
    wake.run();
    return change;
  }

  private void refresh(long nowNs) {
    refreshedNs = nowNs;
    isRefreshDue = false;
    if (!isChanged) {
      readAgain(nowNs);
      return;
    }
    isChanged = false;
    List<CompletableFuture<Void>> these = new ArrayList<>();
    for (CompletableFuture<Void> each = changes.poll(); each != null; each = changes.poll()) {
      these.add(each);
    }
    try {
      answers.forget();
      readAgain(nowNs);
    } finally {
      these.forEach(each -> each.complete(null));
    }
  }

  /// What has changed if the table says so, else everything.
  private void readAgain(long nowNs) {
    if (versions.isDue(nowNs)) {
      Versions.News news = attempt(() -> versions.check(nowNs));
      if (news == null || (needed.isEmpty() && follow(news, nowNs))) {
        return;
      }
    }
    Set<String> ids = knownIds(needed);
    List<AppRow> rows = find(ids, knownKeys(Set.of()));
    if (rows == null) {
      return;
    }
    Merge merge = new Merge(current, readings);
    boolean _ = merge.add(rows, ids);
    apply(merge, Set.of(), nowNs);
    versions.appliedAll(nowNs);
    if (!needed.isEmpty()) {
      needed = Set.of();
      outside.loaded();
    }
  }

  /// False if all must be read.
  private boolean follow(Versions.News news, long nowNs) {
    if (news == Versions.News.ALL) {
      return false;
    }
    List<AppRow> rows = List.of();
    if (news == Versions.News.ROWS) {
      answers.forget(); // an app may have been created
      rows = attempt(versions::rows);
      if (rows == null) {
        return true; // the next turn tries again
      }
      if (!versions.isComplete(rows)) {
        return false;
      }
    }
    List<AppRow> known = rows.stream().filter(row -> current.known(row.id()) != null).toList();
    if (!known.isEmpty() || nowNs - sweptNs >= REFRESH_NS) {
      Merge merge = new Merge(current, readings);
      if (!merge.add(known, Set.of())) {
        return false;
      }
      apply(merge, Set.of(), nowNs);
    }
    versions.applied();
    return true;
  }

  private static Set<String> texts(Set<Name> names, boolean areKeys) {
    return names.stream()
        .filter(name -> name.isKey() == areKeys)
        .map(Name::text)
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  private Set<String> knownIds(Set<String> more) {
    Set<String> ids = new LinkedHashSet<>(more);
    current.known().forEach(app -> ids.add(app.id()));
    return ids;
  }

  private Set<String> knownKeys(Set<String> more) {
    Set<String> keys = new LinkedHashSet<>(more);
    current.known().forEach(app -> keys.add(app.key()));
    return keys;
  }

  private @Nullable List<AppRow> find(Set<String> ids, Set<String> keys) {
    return attempt(() -> table.find(ids, keys));
  }

  private interface Query<T> {
    T ask() throws DatabaseException;
  }

  /// Null if the database does not answer; then all that waits was refused.
  private <T> @Nullable T attempt(Query<T> query) {
    queries.incrementAndGet();
    try {
      T answer = query.ask();
      // After that number all is read, which may fail because there is no table.
      if ((isAway || !hasAnswered) && answer != Versions.News.ALL) {
        isAway = false;
        hasAnswered = true;
        answers.open();
        outside.here();
      }
      return answer;
    } catch (DatabaseException e) {
      failures.incrementAndGet();
      if (!isClosed) {
        isAway = true;
        answers.close(new Lookup.Failed("the database does not answer"));
        outside.away(String.valueOf(e.getMessage()), hasAnswered);
      }
      return null;
    }
  }

  private void apply(Merge merge, Set<Name> asked, long nowNs) {
    sweptNs = nowNs;
    Collection<App> before = current.known();
    List<App> unasked =
        before.stream()
            .filter(app -> !asked.contains(new Name(false, app.id())))
            .filter(app -> !asked.contains(new Name(true, app.key())))
            .toList();
    usage.leaving(unasked, merge.apps().size() - maxApps, nowNs).forEach(merge.apps()::remove);
    Set<String> known = before.stream().map(App::id).collect(Collectors.toSet());
    for (App app : List.copyOf(merge.apps().values()).reversed()) {
      if (merge.apps().size() > maxApps && !known.contains(app.id())) {
        merge.apps().remove(app.id());
        merge.refuse(
            app.id(),
            app.key(),
            "this node has as many apps in use as database.cached_apps allows");
      }
    }
    List<App> next = List.copyOf(merge.apps().values());
    if (!next.equals(List.copyOf(before))) {
      outside.apply(next);
    }
    usage.retain(merge.apps().keySet());
    readings.retain(merge.apps().keySet());
  }

  private void settle(Set<Name> names, Merge merge) {
    Map<Name, Lookup.Settled> settled = new HashMap<>();
    for (Name name : names) {
      Lookup found = name.isKey() ? current.byKey(name.text()) : current.byId(name.text());
      settled.put(name, found instanceof LiveApp app ? app : merge.absent(name));
    }
    answers.settle(settled, clock.nanoTime());
  }

  /// Answers whatever still waits, and ends the connections. Not for the thread of [#turn].
  void close() {
    isClosed = true;
    answers.close(new Lookup.Failed("the server is shutting down"));
    changes.forEach(each -> each.complete(null));
    table.close();
  }
}
