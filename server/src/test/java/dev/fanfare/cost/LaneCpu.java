package dev.fanfare.cost;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;

/// The CPU time that the server's own threads have used: lanes and TLS signers.
final class LaneCpu {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private LaneCpu() {}

  /// Microseconds since the start, of all those threads together.
  static double micros() {
    long ns = 0;
    for (var thread : THREADS.getThreadInfo(THREADS.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().matches("fanfare-(lane|signer).*")) {
        ns += Math.max(0, THREADS.getThreadCpuTime(thread.getThreadId()));
      }
    }
    return ns / (double) TimeUnit.MICROSECONDS.toNanos(1);
  }
}
