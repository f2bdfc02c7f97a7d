package dev.fanfare.transport.server;

import io.netty.channel.DefaultEventLoop;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// An event loop that measures each of its tasks. Figures are read and reset on the loop itself.
final class TimedLoop extends DefaultEventLoop {

  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private long longestNs;
  private long tasks;
  private long blockedBefore;

  @Override
  protected void run() {
    do {
      Runnable task = takeTask();
      if (task != null) {
        long startNs = THREADS.getCurrentThreadCpuTime();
        runTask(task);
        longestNs = Math.max(longestNs, THREADS.getCurrentThreadCpuTime() - startNs);
        tasks++;
        updateLastExecutionTime();
      }
    } while (!confirmShutdown());
  }

  /// What the loop has done since the last reset.
  ///
  /// @param longestNs CPU time of the longest task, nanoseconds
  /// @param locks how often a task waited for another thread's lock
  record Figures(long longestNs, long tasks, long locks) {}

  /// The figures since the last call.
  Figures take() {
    long blocked = THREADS.getThreadInfo(Thread.currentThread().threadId()).getBlockedCount();
    Figures figures = new Figures(longestNs, tasks, blocked - blockedBefore);
    blockedBefore = blocked;
    longestNs = 0;
    tasks = 0;
    return figures;
  }
}
