package dev.fanfare.console.row;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The streams that are open, at most [#MAX]. Any thread.
public final class RowStreams implements AutoCloseable {

  public static final int MAX = 20;

  private final List<RowStream> open = new CopyOnWriteArrayList<>();
  private final Retrospect retrospect;
  private boolean isClosed;

  /// True while one of them shows requests.
  private volatile boolean wantsRequests;

  /// @param retrospect what they may begin with
  public RowStreams(Retrospect retrospect) {
    this.retrospect = retrospect;
  }

  /// Opens one; null if there are too many.
  public synchronized @Nullable RowStream open(
      RowFilter filter, StreamStart start, Moments moments) {
    if (open.size() >= MAX || isClosed) {
      return null;
    }
    RowStream[] self = new RowStream[1];
    RowStream stream = new RowStream(filter, moments, () -> remove(self[0]));
    self[0] = stream;
    open.add(stream); // first: what happens meanwhile is in both, and left out of one
    stream.begin(retrospect.recent(filter.app()), start);
    findWanted();
    return stream;
  }

  private synchronized void remove(RowStream stream) {
    open.remove(stream);
    findWanted();
  }

  private void findWanted() {
    wantsRequests = open.stream().anyMatch(stream -> stream.shows(Row.Kind.REQUEST));
  }

  /// True while there is a reader for the requests of the HTTP API.
  public boolean wantsRequests() {
    return wantsRequests;
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
