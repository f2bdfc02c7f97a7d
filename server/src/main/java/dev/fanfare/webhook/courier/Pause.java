package dev.fanfare.webhook.courier;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Waits between attempts; tests replace it to control time.
@FunctionalInterface
public interface Pause {

  /// Waits in real time.
  Pause SYSTEM = (ms, latch) -> latch.await(ms, TimeUnit.MILLISECONDS);

  /// Waits until the latch is released, at most `ms` milliseconds. Returns true if it was released.
  boolean await(long ms, CountDownLatch latch) throws InterruptedException;
}
