package dev.fanfare.webhook.courier;

import dev.fanfare.observe.NanoClock;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// From when on the age of an event counts: from its creation, but without the time in which this
/// process stood still, since nothing could be sent then. A stall, or a step of the wall clock,
/// shows as a difference between the two clocks. Confined to one thread.
final class EventAge {

  /// Smaller differences are corrections of the wall clock, milliseconds.
  private static final long MIN_STEP_MS = 2_000;

  private final InstantSource wall;
  private final NanoClock monotonic;

  /// The wall clock less the monotonic clock at the last call.
  private long offsetMs;

  /// Events created before this time are older than their age by `stalledMs`.
  private long stalledUntilMs = Long.MIN_VALUE;

  private long stalledMs;

  /// @param monotonic leaves out stalls
  EventAge(InstantSource wall, NanoClock monotonic) {
    this.wall = wall;
    this.monotonic = monotonic;
    this.offsetMs = offsetMs(wall.millis());
  }

  /// The time from which on the age counts, milliseconds since the epoch.
  ///
  /// @param createdMs when the event happened
  long sinceMs(long createdMs) {
    long nowMs = wall.millis();
    long offset = offsetMs(nowMs);
    if (offset - offsetMs >= MIN_STEP_MS) {
      stalledMs = offset - offsetMs;
      stalledUntilMs = nowMs;
    }
    offsetMs = offset;
    return createdMs < stalledUntilMs ? createdMs + stalledMs : createdMs;
  }

  private long offsetMs(long nowMs) {
    return nowMs - TimeUnit.NANOSECONDS.toMillis(monotonic.nanoTime());
  }
}
