package dev.fanfare.console;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.console.row.AttemptLog;
import dev.fanfare.console.row.EventTrace;
import dev.fanfare.console.row.Moments;
import dev.fanfare.console.row.Retrospect;
import dev.fanfare.console.row.Row;
import dev.fanfare.console.row.RowStreams;
import dev.fanfare.observe.Vital;
import java.util.Collection;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Takes rows from the [Watch], up to fifty times a second, remembers them and passes them to the
/// streams. Its thread is the only one that does.
final class Recorder implements AutoCloseable {

  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

  /// How old a row is before it is passed on: most events are delivered by then, so that the row
  /// says how many they have reached.
  private static final long AGE_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Vital vital = new Vital("fanfare-console");
  private final Moments moments;
  private final Traces traces;
  private final AttemptLog attempts;
  private final Watch watch;
  private final Retrospect retrospect;
  private final RowStreams streams;
  private final Share share;

  /// What distinguishes the numbers of rows of this life from those of others, in the events of
  /// streams.
  private final String life;

  private volatile boolean isClosed;

  /// Its thread; null before the start.
  private volatile @Nullable Thread sleeper;

  /// Requests that wait for rows.
  private final AtomicInteger waiting = new AtomicInteger();

  /// All rows up to this time on their clock were passed on.
  private volatile long drainedNs;

  /// @param share of the heap for the data of events
  Recorder(ConsoleOptions options, Share share, Moments moments, Apps apps) {
    this.moments = moments;
    this.share = share;
    this.drainedNs = moments.nowNs();
    this.traces = new Traces(options, share, moments.clock());
    this.retrospect = new Retrospect(share);
    this.streams = new RowStreams(retrospect);
    this.attempts = new AttemptLog(share, moments.wall());
    this.watch = new Watch(traces, attempts, moments, apps, share, streams::wantsRequests);
    this.life = Long.toString(moments.wall().millis(), Character.MAX_RADIX);
  }

  /// Starts the thread.
  ///
  /// @param everySecond what it does once a second too
  void start(Runnable everySecond) {
    Thread.ofPlatform()
        .name("fanfare-console")
        .daemon()
        .start(() -> vital.keepAlive(() -> run(everySecond)));
  }

  private void run(Runnable everySecond) {
    sleeper = Thread.currentThread();
    PollPause pause = new PollPause();
    long dueNs = moments.nowNs() + SECOND_NS;
    while (!isClosed) {
      long nowNs = moments.nowNs();
      int rows = take(nowNs - AGE_NS);
      drainedNs = nowNs - AGE_NS;
      if (nowNs - dueNs >= 0) {
        dueNs = nowNs - dueNs < SECOND_NS ? dueNs + SECOND_NS : nowNs + SECOND_NS;
        everySecond.run();
      }
      boolean isBusy = rows > 0 || !watch.isEmpty() || waiting.get() > 0;
      long untilDueNs = Math.max(1, dueNs - moments.nowNs());
      LockSupport.parkNanos(Math.min(pause.next(isBusy), untilDueNs));
    }
  }

  /// Waits until what has happened so far is remembered: a few periods, at most a second.
  void awaitRows() {
    long nowNs = moments.nowNs();
    waiting.incrementAndGet();
    try {
      LockSupport.unpark(sleeper);
      while (drainedNs - nowNs < 0 && moments.nowNs() - nowNs < PATIENCE_NS && !isClosed) {
        LockSupport.parkNanos(PollPause.SHORTEST_NS / 4);
      }
    } finally {
      waiting.decrementAndGet();
    }
  }

  /// Takes all rows that are older than a time on the clock of rows.
  void drain(long beforeNs) {
    var _ = take(beforeNs);
  }

  /// The same; returns how many.
  private int take(long beforeNs) {
    int rows = 0;
    Row row;
    while ((row = watch.poll(beforeNs)) != null) {
      if (row instanceof Row.Published(EventTrace trace)) {
        trace.settle();
      }
      streams.offer(retrospect.add(row));
      rows++;
    }
    return rows;
  }

  Moments moments() {
    return moments;
  }

  /// This life of the server, as a short word.
  String life() {
    return life;
  }

  /// The part of the heap that is counted.
  Share share() {
    return share;
  }

  Traces traces() {
    return traces;
  }

  AttemptLog attempts() {
    return attempts;
  }

  Watch watch() {
    return watch;
  }

  Retrospect retrospect() {
    return retrospect;
  }

  RowStreams streams() {
    return streams;
  }

  /// Rows that were forgotten since there were too many at once.
  long lost() {
    return watch.lost();
  }

  /// Forgets all apps but these.
  void retain(Collection<App> configured) {
    Set<String> apps = configured.stream().map(App::id).collect(Collectors.toSet());
    traces.retain(apps);
    retrospect.retain(apps);
    streams.retain(apps);
    attempts.retain(configured);
    watch.hide(configured);
  }

  @Override
  public void close() {
    isClosed = true;
    streams.close();
  }
}
