package dev.fanfare.console.row;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The streams that are open, at most [#MAX]. Any thread.
public final class RowStreams implements AutoCloseable {

  public static final int MAX = 20;

  private final List<RowStream> open = new CopyOnWriteArrayList<>();
  private boolean isClosed;

  /// Opens one; null if there are too many.
  public synchronized @Nullable RowStream open(RowFilter filter, Moments moments) {
    if (open.size() >= MAX || isClosed) {
      return null;
    }
    RowStream[] self = new RowStream[1];
    RowStream stream = new RowStream(filter, moments, () -> open.remove(self[0]));
    self[0] = stream;
    open.add(stream);
    return stream;
  }

  /// Offers a row to all of them.
  public void offer(RowRing.Entry entry) {
    for (RowStream stream : open) {
      stream.offer(entry);
    }
  }

  public int size() {
    return open.size();
  }

  /// Closes those of all apps but these.
  public void retain(Set<String> apps) {
    open.stream().filter(stream -> !apps.contains(stream.app())).forEach(RowStream::close);
  }

  /// Closes all, and opens no more.
  @Override
  public void close() {
    synchronized (this) {
      isClosed = true;
    }
    open.forEach(RowStream::close);
  }
}
