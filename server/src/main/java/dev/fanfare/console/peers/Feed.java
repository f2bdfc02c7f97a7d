package dev.fanfare.console.peers;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/// A stream of what happens on the other nodes, as far as there is room for it. Any thread.
public final class Feed implements AutoCloseable {

  /// Parts that may wait for the reader.
  static final int MAX_WAITING = 64;

  /// A node that has no others.
  public static final Feed NONE = new Feed(() -> {}, () -> {});

  private final ArrayDeque<String> waiting = new ArrayDeque<>();
  private final Runnable renewal;
  private final Runnable end;
  private int dropped;

  /// @param renewal asks all other nodes again
  Feed(Runnable renewal, Runnable end) {
    this.renewal = renewal;
    this.end = end;
  }

  synchronized void offer(String part) {
    if (waiting.size() < MAX_WAITING) {
      waiting.add(part);
    } else {
      dropped++;
    }
  }

  /// False if there are no other nodes.
  @SuppressWarnings("ReferenceEquality")
  public boolean isOpen() {
    return this != NONE;
  }

  /// The next part; null if there is none.
  public synchronized @Nullable String poll() {
    return waiting.poll();
  }

  /// Parts that were dropped since the last call, because they were not fetched in time.
  public synchronized int takeDropped() {
    int taken = dropped;
    dropped = 0;
    return taken;
  }

  /// Lets the other nodes, also those that have come since, send for [Peers#LEASE_SECONDS] more.
  public void renew() {
    renewal.run();
  }

  @Override
  public void close() {
    end.run();
  }
}
