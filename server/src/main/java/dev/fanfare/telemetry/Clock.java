package dev.fanfare.telemetry;

import dev.fanfare.observe.NanoClock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The time since 1970 in nanoseconds, which never goes backwards. Any thread.
final class Clock {

  private final NanoClock clock;
  private final long offsetNs;

  /// @param wall is read once
  Clock(InstantSource wall, NanoClock clock) {
    Instant now = wall.instant();
    this.clock = clock;
    this.offsetNs =
        TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano() - clock.nanoTime();
  }

  long nowNs() {
    return clock.nanoTime() + offsetNs;
  }
}
