package dev.fanfare.history.shared;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// Counts the calls that are under way to an engine, within [Streams#MAX_PENDING] and
/// [Streams#MAX_PENDING_BYTES]. Any thread.
public final class InFlight {

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  /// Counts a call in.
  ///
  /// @param payload its bytes
  /// @return false if too much is under way, and the call is not counted
  public boolean enter(int payload) {
    int under = calls.incrementAndGet();
    if (bytes.addAndGet(payload) > Streams.MAX_PENDING_BYTES || under > Streams.MAX_PENDING) {
      exit(payload);
      return false;
    }
    return true;
  }

  /// A call that was counted in is over.
  public void exit(int payload) {
    calls.decrementAndGet();
    bytes.addAndGet(-payload);
  }
}
