package dev.fanfare.testing;

import dev.fanfare.node.FanfareServer;
import dev.fanfare.observe.NanoClock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// The time, in a test's hands. Both clocks move together.
public final class ManualClock implements NanoClock {

  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicLong nanos = new AtomicLong(1);

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  public void advance(Duration duration) {
    nanos.addAndGet(duration.toNanos());
  }

  public Instant instant() {
    return START.plusNanos(nanos.get());
  }

  /// Only the monotonic clock in the test's hands, so that signed requests keep their real time.
  public FanfareServer.Clocks withSystemTime() {
    return new FanfareServer.Clocks(this, java.time.InstantSource.system());
  }

  public FanfareServer.Clocks clocks() {
    return new FanfareServer.Clocks(this, this::instant);
  }
}
