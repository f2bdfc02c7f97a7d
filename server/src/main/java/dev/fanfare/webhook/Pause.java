package dev.fanfare.webhook;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// How to wait between two attempts, so that tests can hold the time in their hands.
@FunctionalInterface
interface Pause {

  /// Really waits.
  Pause SYSTEM = (ms, end) -> end.await(ms, TimeUnit.MILLISECONDS);

  /// Waits for so many milliseconds, or until `end`. Returns true if the end came first.
  boolean await(long ms, CountDownLatch end) throws InterruptedException;
}
