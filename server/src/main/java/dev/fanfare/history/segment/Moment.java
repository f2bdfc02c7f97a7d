package dev.fanfare.history.segment;

import java.util.concurrent.TimeUnit;

/// The same moment on two clocks, to convert between the times of one process and those of files.
///
/// @param ms milliseconds since 1970
/// @param ns on the server's monotonic clock
public record Moment(long ms, long ns) {

  /// No age is larger: twice as long as events are kept at most.
  private static final long MAX_AGE_MS = TimeUnit.DAYS.toMillis(730);

  /// Positions of clients are kept no longer.
  private static final long MAX_AHEAD_MS = TimeUnit.DAYS.toMillis(1);

  /// When something happened, on the monotonic clock; not in the future.
  ///
  /// @param pastMs milliseconds since 1970
  long since(long pastMs) {
    return ns - TimeUnit.MILLISECONDS.toNanos(Math.clamp(ms - pastMs, 0, MAX_AGE_MS));
  }

  /// When something will happen, on the monotonic clock; not in the past.
  ///
  /// @param futureMs milliseconds since 1970
  long until(long futureMs) {
    return ns + TimeUnit.MILLISECONDS.toNanos(Math.clamp(futureMs - ms, 0, MAX_AHEAD_MS));
  }

  /// Milliseconds since 1970.
  ///
  /// @param untilNs on the monotonic clock
  long msAt(long untilNs) {
    return ms + TimeUnit.NANOSECONDS.toMillis(untilNs - ns);
  }
}
