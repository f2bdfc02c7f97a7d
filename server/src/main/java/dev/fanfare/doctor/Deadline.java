package dev.fanfare.doctor;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The time at which patience ends, by the JVM's own clock.
record Deadline(long atNs) {

  static Deadline in(Duration time) {
    return new Deadline(System.nanoTime() + time.toNanos());
  }

  /// Milliseconds that are left, at least one.
  ///
  /// @throws SocketTimeoutException if none is left
  int leftMs() throws SocketTimeoutException {
    long leftNs = atNs - System.nanoTime();
    if (leftNs <= 0) {
      throw new SocketTimeoutException("no time is left");
    }
    return Math.toIntExact(Math.max(1, TimeUnit.NANOSECONDS.toMillis(leftNs)));
  }
}
