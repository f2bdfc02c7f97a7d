package dev.fanfare.console.row;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One reader's stream of rows: at most [#RATE] rows a second, an even sample of more, and the
/// number of those left out. Rows are put in by the thread of the console, and taken out by the
/// stream's own thread.
public final class RowStream implements AutoCloseable {

  /// Rows a second, and at once after a quiet second.
  public static final int RATE = 200;

  /// Rows that may wait for a reader.
  public static final int MAX_WAITING = 1_024;

  /// What is sent next.
  ///
  /// @param slow rows that did not fit, as the reader was slow
  /// @param fast rows that were left out, as there were too many
  /// @param gone rows of the app, selected or not, that are not remembered any more
  /// @param upTo the number of the newest row that it takes account of
  public record Batch(List<RowRing.Entry> rows, int slow, int fast, long gone, long upTo) {

    public boolean isEmpty() {
      return rows.isEmpty() && slow == 0 && fast == 0 && gone == 0;
    }
  }

  private final ArrayDeque<RowRing.Entry> waiting = new ArrayDeque<>();
  private final RowFilter filter;
  private final Runnable onClose;
  private final Moments moments;

  /// What it begins with; null once it was taken, or if it begins with what happens from now on.
  private @Nullable Batch first;

  /// Rows up to this number are in what it began with.
  private long begunAt;

  /// The number of the newest row that was offered. Written by the thread of the console only,
  /// after the row was put in.
  private volatile long offered;

  private int slow;
  private double allowance = RATE;
  private long filledNs;
  private boolean isClosed;

  /// @param onClose is run once
  public RowStream(RowFilter filter, Moments moments, Runnable onClose) {
    this.filter = filter;
    this.moments = moments;
    this.onClose = onClose;
    this.filledNs = moments.nowNs();
  }

  /// The app that it shows.
  public String app() {
    return filter.app();
  }

  /// True if it shows rows of that kind.
  boolean shows(Row.Kind kind) {
    return filter.kinds().contains(kind);
  }

  /// Begins with rows that are remembered, however many, in place of those of them that wait.
  /// Called once, before the first [#take].
  ///
  /// @param rows of the app, oldest first
  void begin(List<RowRing.Entry> rows, StreamStart start) {
    if (rows.isEmpty()) {
      return;
    }
    boolean isContinued = start.after() != StreamStart.NOW;
    List<RowRing.Entry> selected =
        rows.stream()
            .filter(entry -> !isContinued || entry.id() > start.after())
            .filter(entry -> filter.selects(entry.row()))
            .toList();
    int left = isContinued ? 0 : Math.max(0, selected.size() - start.last());
    long gone = isContinued ? Math.max(0, rows.getFirst().id() - 1 - start.after()) : 0;
    long newest = rows.getLast().id();
    synchronized (this) {
      begunAt = newest;
      waiting.removeIf(entry -> entry.id() <= newest);
      first = new Batch(selected.subList(left, selected.size()), 0, 0, gone, newest);
    }
  }

  /// Adds a row if it is selected and there is room.
  public void offer(RowRing.Entry entry) {
    if (filter.app().equals(entry.row().app())) {
      if (filter.selects(entry.row())) {
        put(entry);
      }
      offered = entry.id();
    }
  }

  private synchronized void put(RowRing.Entry entry) {
    if (entry.id() <= begunAt) {
      return;
    }
    if (waiting.size() < MAX_WAITING) {
      waiting.addLast(entry);
      notifyAll();
    } else {
      slow++;
    }
  }

  /// Waits until there is something to send, at most so many milliseconds.
  public synchronized void await(long patienceMs) throws InterruptedException {
    if (waiting.isEmpty() && slow == 0 && first == null && !isClosed) {
      TimeUnit.MILLISECONDS.timedWait(this, patienceMs);
    }
  }

  /// What is to be sent now; empty if there is nothing.
  public synchronized Batch take() {
    Batch begun = first;
    if (begun != null) {
      first = null;
      return begun;
    }
    long upTo = Math.max(begunAt, offered);
    long newest = 0;
    long nowNs = moments.nowNs();
    allowance = Math.min(RATE, allowance + RATE * (nowNs - filledNs) / 1e9);
    filledNs = nowNs;
    int all = waiting.size();
    int count = Math.min(all, (int) allowance);
    allowance -= count;
    List<RowRing.Entry> rows = new ArrayList<>(count);
    for (int i = 0, taken = 0; i < all; i++) {
      RowRing.Entry entry = waiting.removeFirst();
      newest = entry.id();
      if ((long) i * count / all >= taken && taken < count) {
        rows.add(entry);
        taken++;
      }
    }
    Batch batch = new Batch(rows, slow, all - rows.size(), 0, Math.max(upTo, newest));
    slow = 0;
    return batch;
  }

  public synchronized boolean isClosed() {
    return isClosed;
  }

  @Override
  public void close() {
    synchronized (this) {
      if (isClosed) {
        return;
      }
      isClosed = true;
      notifyAll();
    }
    onClose.run();
  }
}
