package dev.fanfare.console.row;

import dev.fanfare.observe.NanoClock;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/// The clock of rows and traces, and what its times are on a wall.
///
/// @param clock monotonic
public record Moments(NanoClock clock, InstantSource wall) {

  public long nowNs() {
    return clock.nanoTime();
  }

  /// Milliseconds since 1970 of a time on the monotonic clock.
  public long wallMs(long atNs) {
    return wall.millis() - TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - atNs);
  }

  /// A short duration for people: `0.4 ms`.
  public static String exactly(long durationNs) {
    return String.format(Locale.ROOT, "%.1f ms", durationNs / 1e6);
  }

  /// A duration for people: `38 ms`, `12 s` or `5 min`.
  public static String text(long durationNs) {
    long ms = TimeUnit.NANOSECONDS.toMillis(Math.abs(durationNs));
    if (ms < 1_000) {
      return ms + " ms";
    }
    return ms < 120_000 ? ms / 1_000 + " s" : ms / 60_000 + " min";
  }
}
