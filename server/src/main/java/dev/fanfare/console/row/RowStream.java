package dev.fanfare.console.row;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

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
  public record Batch(List<RowRing.Entry> rows, int slow, int fast) {

    public boolean isEmpty() {
      return rows.isEmpty() && slow == 0 && fast == 0;
    }
  }

  private final ArrayDeque<RowRing.Entry> waiting = new ArrayDeque<>();
  private final RowFilter filter;
  private final Runnable onClose;
  private final Moments moments;

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

  /// Adds a row if it is selected and there is room.
  public void offer(RowRing.Entry entry) {
    if (!filter.selects(entry.row())) {
      return;
    }
    synchronized (this) {
      if (waiting.size() < MAX_WAITING) {
        waiting.addLast(entry);
        notifyAll();
      } else {
        slow++;
      }
    }
  }

  /// Waits until there is something to send, at most so many milliseconds.
  public synchronized void await(long patienceMs) throws InterruptedException {
    if (waiting.isEmpty() && slow == 0 && !isClosed) {
      TimeUnit.MILLISECONDS.timedWait(this, patienceMs);
    }
  }

  /// What is to be sent now; empty if there is nothing.
  public synchronized Batch take() {
    long nowNs = moments.nowNs();
    allowance = Math.min(RATE, allowance + RATE * (nowNs - filledNs) / 1e9);
    filledNs = nowNs;
    int all = waiting.size();
    int count = Math.min(all, (int) allowance);
    allowance -= count;
    List<RowRing.Entry> rows = new ArrayList<>(count);
    for (int i = 0, taken = 0; i < all; i++) {
      RowRing.Entry entry = waiting.removeFirst();
      if ((long) i * count / all >= taken && taken < count) {
        rows.add(entry);
        taken++;
      }
    }
    Batch batch = new Batch(rows, slow, all - rows.size());
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
