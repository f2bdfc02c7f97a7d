package dev.fanfare.doctor.wire;

import dev.fanfare.observe.NanoClock;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A point in time of the JVM's monotonic clock, nanoseconds.
public record Deadline(long atNs) {

  public static Deadline in(Duration time) {
    return new Deadline(NanoClock.SYSTEM.nanoTime() + time.toNanos());
  }

  /// Remaining milliseconds, at least one.
  ///
  /// @throws SocketTimeoutException if none is left
  int leftMs() throws SocketTimeoutException {
    long leftNs = atNs - NanoClock.SYSTEM.nanoTime();
    if (leftNs <= 0) {
      throw new SocketTimeoutException("no time is left");
    }
    return Math.toIntExact(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
  }
}
