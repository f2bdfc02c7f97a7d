package dev.fanfare.console.figure;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.console.row.Moments;
import dev.fanfare.observe.Latency;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// What happened in each of the last [#ROWS] seconds, of the node and of each app. Read from what
/// is counted anyway, once a second, by the thread of the console; read by any.
///
/// An app for which there is no memory has no separate figures.
public final class Figures {

  /// A quarter of an hour.
  public static final int ROWS = 900;

  /// Heap for the figures of the node: two numbers of eight bytes and six of four for each row.
  static final long NODE_BYTES = ROWS * (2L * Long.BYTES + 6L * Integer.BYTES);

  /// Heap for the figures of one app: three numbers of four bytes for each row.
  static final long APP_BYTES = ROWS * 3L * Integer.BYTES;

  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final Apps apps;
  private final Tallies counts;
  private final Share share;
  private final Moments moments;

  // Guarded by this, as all below.
  private final long[] atMs = new long[ROWS];
  private final long[] deliveries = new long[ROWS];
  private final Columns sum = new Columns();
  private final int[] p50Us = new int[ROWS];
  private final int[] p99Us = new int[ROWS];
  private final int[] lagUs = new int[ROWS];
  private final Map<String, OfApp> byApp = new HashMap<>();
  private final long[] latencies = new long[Latency.BUCKETS];
  private long readNs;

  /// How many rows there were so far.
  private long rows;

  /// What is known by app, in the rows of a ring.
  private static final class Columns {
    private final int[] connections = new int[ROWS];
    private final int[] publishes = new int[ROWS];
    private final int[] refusals = new int[ROWS];
  }

  /// An app, and its counts at the last row.
  private static final class OfApp {
    private long publishes;
    private long deliveries;
    private long refusals;

    /// Null if there is no memory for them.
    private @Nullable Columns columns;
  }

  /// @param share of the heap that rows are counted in
  public Figures(Apps apps, Tallies counts, Share share, Moments moments) {
    this.apps = apps;
    this.counts = counts;
    this.share = share;
    this.moments = moments;
  }

  /// From now on, seconds are counted. Called once.
  public synchronized void start() {
    share.add(NODE_BYTES);
    readNs = moments.nowNs();
    for (App app : apps.known()) {
      byApp.put(app.id(), begin(app));
    }
    long[] _ = takeLatencies();
  }

  private OfApp begin(App app) {
    OfApp ofApp = new OfApp();
    ofApp.publishes = counts.publishes(app);
    ofApp.deliveries = counts.deliveries(app);
    ofApp.refusals = counts.refusals(app);
    return ofApp;
  }

  /// Adds a row about the time since the last one. The thread of the console only.
  public synchronized void tick() {
    long nowNs = moments.nowNs();
    double seconds = Math.max(1, nowNs - readNs) / SECOND_NS;
    readNs = nowNs;
    int at = (int) (rows % ROWS);
    int connections = 0;
    long published = 0;
    long delivered = 0;
    long refused = 0;
    for (App app : apps.known()) {
      OfApp ofApp = byApp.computeIfAbsent(app.id(), _ -> begin(app));
      if (ofApp.columns == null && share.reserve(APP_BYTES)) {
        ofApp.columns = new Columns();
      }
      long publishes = counts.publishes(app) - ofApp.publishes;
      long refusals = counts.refusals(app) - ofApp.refusals;
      long delta = counts.deliveries(app) - ofApp.deliveries;
      ofApp.publishes += publishes;
      ofApp.refusals += refusals;
      ofApp.deliveries += delta;
      int open = counts.connections(app);
      if (ofApp.columns != null) {
        put(ofApp.columns, at, open, rate(publishes, seconds), refusals);
      }
      connections += open;
      published += publishes;
      delivered += delta;
      refused += refusals;
    }
    put(sum, at, connections, rate(published, seconds), refused);
    atMs[at] = moments.wall().millis();
    deliveries[at] = rate(delivered, seconds);
    long[] latest = takeLatencies();
    p50Us[at] = Percentiles.of(latest, 0.5);
    p99Us[at] = Percentiles.of(latest, 0.99);
    lagUs[at] = clamp(TimeUnit.NANOSECONDS.toMicros(counts.lagNs()));
    rows++;
  }

  private static void put(Columns columns, int at, int connections, long publishes, long refusals) {
    columns.connections[at] = connections;
    columns.publishes[at] = clamp(publishes);
    columns.refusals[at] = clamp(refusals);
  }

  private static int clamp(long value) {
    return Math.clamp(value, 0, Integer.MAX_VALUE);
  }

  /// Something that happened is never rounded to nothing.
  private static long rate(long count, double seconds) {
    return count <= 0 ? 0 : Math.max(1, Math.round(count / seconds));
  }

  /// Events in each bucket since the last call.
  private long[] takeLatencies() {
    long[] since = new long[Latency.BUCKETS];
    for (int bucket = 0; bucket < since.length; bucket++) {
      long now = counts.latencies(bucket);
      since[bucket] = now - latencies[bucket];
      latencies[bucket] = now;
    }
    return since;
  }

  /// Forgets all apps but these.
  public synchronized void retain(Set<String> ids) {
    byApp
        .entrySet()
        .removeIf(each -> {
          boolean isGone = !ids.contains(each.getKey());
          if (isGone && each.getValue().columns != null) {
            share.release(APP_BYTES);
          }
          return isGone;
        });
  }

  /// How many rows there were so far; any thread.
  public synchronized long rows() {
    return rows;
  }

  /// The rows that ended after a time, oldest first.
  ///
  /// @param ms since 1970
  public synchronized List<Second> since(long ms, Scope scope) {
    List<Second> found = new ArrayList<>();
    for (long row = Math.max(0, rows - ROWS); row < rows; row++) {
      int at = (int) (row % ROWS);
      if (atMs[at] > ms) {
        found.add(second(at, scope));
      }
    }
    return found;
  }

  /// The newest row; null if there is none yet.
  public synchronized @Nullable Second last(Scope scope) {
    return rows == 0 ? null : second((int) ((rows - 1) % ROWS), scope);
  }

  private Second second(int at, Scope scope) {
    if (scope.isWhole()) {
      Second.OfNode node = new Second.OfNode(deliveries[at], p50Us[at], p99Us[at], lagUs[at]);
      return new Second(atMs[at], sum.connections[at], sum.publishes[at], sum.refusals[at], node);
    }
    int connections = 0;
    long publishes = 0;
    long refusals = 0;
    for (App app : scope.apps()) {
      OfApp ofApp = byApp.get(app.id());
      if (ofApp != null && ofApp.columns != null) {
        connections += ofApp.columns.connections[at];
        publishes += ofApp.columns.publishes[at];
        refusals += ofApp.columns.refusals[at];
      }
    }
    return new Second(atMs[at], connections, publishes, refusals, null);
  }
}
