package dev.fanfare.console.row;

import dev.fanfare.budget.Share;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What happened lately to each app, by sort and bounded in number. Written by the thread of the
/// console, read by any.
public final class Retrospect {

  /// Connections that began and ended, sign-ins, and what slow readers have missed.
  public static final int SOCKETS = 1_000;

  public static final int MEMBERSHIPS = 2_000;
  public static final int REFUSALS = 500;

  /// Rows of any sort, with which streams may begin.
  public static final int RECENT = 1_000;

  /// Webhooks that were not delivered at an attempt.
  public static final int FAILURES = 5;

  /// What is remembered of one app.
  private record Recent(
      RowRing all, RowRing sockets, RowRing memberships, RowRing refusals, RowRing failures) {
    Recent() {
      this(
          new RowRing(RECENT),
          new RowRing(SOCKETS),
          new RowRing(MEMBERSHIPS),
          new RowRing(REFUSALS),
          new RowRing(FAILURES));
    }
  }

  private final ConcurrentMap<String, Recent> byApp = new ConcurrentHashMap<>();
  private final Share share;

  /// @param share of the heap that what was signed wrongly is counted in
  public Retrospect(Share share) {
    this.share = share;
  }

  /// Remembers a row, and gives it a number among those of its app, from 1.
  public synchronized RowRing.Entry add(Row row) {
    Recent recent = of(row.app());
    Row shown = row instanceof Row.Refused refused ? refused.plain() : row;
    RowRing.Entry entry = new RowRing.Entry(recent.all.added() + 1, shown);
    recent.all.add(entry);
    switch (row) {
      case Row.Opened _, Row.Closed _, Row.SignedIn _, Row.Dropped _ -> recent.sockets.add(entry);
      case Row.Membership _ -> recent.memberships.add(entry);
      case Row.Refused _ -> forget(recent.refusals.replace(new RowRing.Entry(entry.id(), row)));
      case Row.Webhook webhook -> {
        if (!webhook.isDelivered()) {
          recent.failures.add(entry);
        }
      }
      case Row.Published _,
          Row.Limited _,
          Row.Occupancy _,
          Row.MemberChange _,
          Row.Request _,
          Row.Reload _ -> {}
    }
    return entry;
  }

  private void forget(RowRing.@Nullable Entry entry) {
    if (entry != null && entry.row() instanceof Row.Refused refused) {
      refused.release(share);
    }
  }

  private Recent of(String app) {
    return byApp.computeIfAbsent(app, _ -> new Recent());
  }

  /// The refusals of an app that are selected, oldest first.
  public List<RowRing.Entry> refusals(String app, Predicate<Row> selected) {
    Recent recent = byApp.get(app);
    return recent == null ? List.of() : recent.refusals.all(selected);
  }

  /// The last rows of an app, oldest first; their numbers have no gaps.
  public List<RowRing.Entry> recent(String app) {
    Recent recent = byApp.get(app);
    return recent == null ? List.of() : recent.all.all(_ -> true);
  }

  /// How many refusals of an app there were so far.
  public long refused(String app) {
    Recent recent = byApp.get(app);
    return recent == null ? 0 : recent.refusals.added();
  }

  /// The last webhooks of an app that were not delivered at an attempt, oldest first.
  public List<RowRing.Entry> failures(String app) {
    Recent recent = byApp.get(app);
    return recent == null ? List.of() : recent.failures.all(_ -> true);
  }

  /// Connections of an app that began and ended, and what else concerns one as a whole, oldest
  /// first.
  public List<RowRing.Entry> sockets(String app, Predicate<Row> selected) {
    Recent recent = byApp.get(app);
    return recent == null ? List.of() : recent.sockets.all(selected);
  }

  /// Everything that a connection did and was refused, oldest first.
  public List<RowRing.Entry> of(String app, String socketId) {
    Recent recent = byApp.get(app);
    if (recent == null) {
      return List.of();
    }
    Predicate<Row> isIts = row -> socketId.equals(row.socket());
    List<RowRing.Entry> found = new ArrayList<>(recent.sockets.all(isIts));
    found.addAll(recent.memberships.all(isIts));
    found.addAll(recent.refusals.all(isIts));
    found.sort(Comparator.comparingLong(RowRing.Entry::id));
    return found;
  }

  /// The names of channels that a client has lately subscribed to or left, or was refused.
  public Set<String> channels(String app) {
    Set<String> names = ConcurrentHashMap.newKeySet();
    Recent recent = byApp.get(app);
    if (recent != null) {
      for (RowRing ring : List.of(recent.memberships, recent.refusals)) {
        ring.all(_ -> true).stream()
            .map(entry -> entry.row().channel())
            .filter(name -> name != null)
            .forEach(names::add);
      }
    }
    return names;
  }

  /// Forgets all apps but these.
  public synchronized void retain(Set<String> apps) {
    byApp
        .entrySet()
        .removeIf(each -> {
          boolean isGone = !apps.contains(each.getKey());
          if (isGone) {
            each.getValue().refusals.all(_ -> true).forEach(this::forget);
          }
          return isGone;
        });
  }
}
