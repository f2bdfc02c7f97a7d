package dev.fanfare.console;

import java.util.concurrent.TimeUnit;

/// How long the thread of the console pauses before it looks for rows: shortly while there are any,
/// then longer and longer. Confined to that thread.
final class PollPause {

  static final long SHORTEST_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// Rows that wait that long are far fewer than fit.
  static final long LONGEST_NS = TimeUnit.MILLISECONDS.toNanos(200);

  private long pauseNs = SHORTEST_NS;

  /// The next pause.
  ///
  /// @param isBusy there were rows, or a reader waits for them
  long next(boolean isBusy) {
    pauseNs = isBusy ? SHORTEST_NS : Math.min(LONGEST_NS, 2 * pauseNs);
    return pauseNs;
  }
}
