package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PingSocket;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.Findings;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// A client without subscriptions that pings every 20 milliseconds and waits for the pong before
/// the next ping: how long a fan-out makes other clients wait. It has a separate thread, because
/// the loop is busy with deliveries when the pong arrives. The loop's thread starts it, sets when
/// to measure, and stops it; until then only the probe uses the latencies.
final class Probe implements Runnable {

  private static final long INTERVAL_NS = 20_000_000L;

  private final PingSocket socket;
  private final LatencyTrack latency = new LatencyTrack("ping");
  private final Thread thread;

  private volatile boolean measuring;
  private volatile boolean stopped;

  /// Why it stopped pinging, empty if it has not.
  private volatile String trouble = "";

  private Probe(PingSocket socket) {
    this.socket = socket;
    thread = Thread.ofPlatform().name("loadtest-probe").daemon().unstarted(this);
  }

  /// Connects and starts pinging; throws a refusal if that fails.
  static Probe start(Target target) {
    Probe started = new Probe(PingSocket.connect(target));
    started.thread.start();
    return started;
  }

  /// Sets whether pings sent from now on count.
  void measure(boolean counted) {
    measuring = counted;
  }

  @Override
  public void run() {
    long dueNs = System.nanoTime();
    try {
      while (!stopped) {
        boolean counted = measuring;
        long ns = socket.ping();
        if (counted) {
          latency.record(ns);
        }
        dueNs = Math.max(dueNs + INTERVAL_NS, System.nanoTime());
        pauseUntil(dueNs);
      }
    } catch (IOException e) {
      trouble = String.valueOf(e.getMessage());
    }
  }

  private void pauseUntil(long dueNs) {
    long left = dueNs - System.nanoTime();
    while (left > 0 && !stopped) {
      LockSupport.parkNanos(this, left);
      left = dueNs - System.nanoTime();
    }
  }

  /// Waits for the pending pong and ends the thread.
  void stop() {
    stopped = true;
    LockSupport.unpark(thread);
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("Interrupted.");
    } finally {
      socket.close();
    }
  }

  /// Call this after it has stopped.
  void report(Findings findings) {
    findings.latency(latency.total());
    if (!trouble.isEmpty()) {
      findings.failure("The probe failed: " + trouble + ".");
    }
  }
}
