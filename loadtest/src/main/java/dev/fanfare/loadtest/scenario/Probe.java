package dev.fanfare.loadtest.scenario;

import dev.fanfare.loadtest.client.PingSocket;
import dev.fanfare.loadtest.measure.LatencyTrack;
import dev.fanfare.loadtest.plan.Refusal;
import dev.fanfare.loadtest.plan.Target;
import dev.fanfare.loadtest.report.Findings;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/// One more client, subscribed to nothing, that pings every 20 milliseconds and waits for the pong
/// before it pings again: how long a fan-out keeps everybody else waiting. It has a thread of its
/// own, for the loop reads deliveries while the pong arrives. The loop's thread starts it, tells it
/// when to measure, and stops it; the latencies are the probe's own until then.
final class Probe implements Runnable {

  private static final long INTERVAL_NS = 20_000_000L;

  private final PingSocket socket;
  private final LatencyTrack latency = new LatencyTrack("ping");
  private final Thread thread;

  private volatile boolean measuring;
  private volatile boolean stopped;

  /// Why there are no more pings, empty if there is no reason.
  private volatile String trouble = "";

  private Probe(PingSocket socket) {
    this.socket = socket;
    thread = Thread.ofPlatform().name("loadtest-probe").daemon().unstarted(this);
  }

  /// Connects, or refuses, and begins to ping.
  static Probe start(Target target) {
    Probe started = new Probe(PingSocket.connect(target));
    started.thread.start();
    return started;
  }

  /// Pings that are sent from now on count, or do not.
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

  /// Waits for the pong that is under way, and ends the thread.
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

  /// To be called once it is stopped.
  void report(Findings findings) {
    findings.latency(latency.total());
    if (!trouble.isEmpty()) {
      findings.failure("The probe got no answer: " + trouble + ".");
    }
  }
}
