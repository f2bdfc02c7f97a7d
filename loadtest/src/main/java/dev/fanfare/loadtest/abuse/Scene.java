package dev.fanfare.loadtest.abuse;

import dev.fanfare.loadtest.measure.Latency;
import dev.fanfare.loadtest.plan.Target;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What all bystanders share: the target, the phase, and what they measure. Thread-safe.
final class Scene {

  final Target target;
  final PhasedLatency delivery = new PhasedLatency("delivery");
  final PhasedLatency publish = new PhasedLatency("publish");
  final PhasedLatency ping = new PhasedLatency("ping");
  final PhasedLatency health = new PhasedLatency("health");
  final PhasedLatency scrape = new PhasedLatency("scrape");

  /// Oversleeping of a thread that does nothing else: the part of every latency that is due to this
  /// program and this machine.
  final PhasedLatency delay = new PhasedLatency("own delay");

  final Troubles troubles = new Troubles();
  final Deliveries deliveries;

  private final CountDownLatch stop = new CountDownLatch(1);
  private volatile Times times = new Times(System.nanoTime(), Long.MAX_VALUE, Long.MAX_VALUE);

  /// @param channels the channel of each subscriber
  Scene(Target target, int[] channels, int publishers) {
    this.target = target;
    deliveries = new Deliveries(channels, publishers);
  }

  /// The phase at a time; `null` for a time before this attack.
  @Nullable Phase phaseAt(long ns) {
    Times now = times;
    return ns < now.beforeNs
        ? null
        : ns < now.duringNs ? Phase.BEFORE : ns < now.afterNs ? Phase.DURING : Phase.AFTER;
  }

  /// Begins a phase now; with [Phase#BEFORE] a new attack.
  void enter(Phase next) {
    long nowNs = System.nanoTime();
    Times old = times;
    times =
        switch (next) {
          case BEFORE -> new Times(nowNs, Long.MAX_VALUE, Long.MAX_VALUE);
          case DURING -> new Times(old.beforeNs, nowNs, Long.MAX_VALUE);
          case AFTER -> new Times(old.beforeNs, old.duringNs, nowNs);
        };
  }

  /// Records an operation, in the phase in which it was due.
  void record(PhasedLatency latency, long dueNs, long doneNs) {
    Phase phase = phaseAt(dueNs);
    if (phase != null) {
      latency.record(phase, doneNs - dueNs);
    }
  }

  boolean isStopped() {
    return stop.getCount() == 0;
  }

  void stop() {
    stop.countDown();
  }

  /// Waits; returns early if the bystanders are stopped.
  void pause(long ns) {
    try {
      boolean _ = stop.await(ns, TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop();
    }
  }

  /// An event has arrived.
  void arrived(int subscriber, int event) {
    long nowNs = System.nanoTime();
    deliveries
        .arrived(subscriber, event)
        .ifPresent(scheduledNs -> record(delivery, scheduledNs, nowNs));
  }

  /// All latencies of an attack, by kind and then by phase; forgets them.
  List<Latency> takeLatencies() {
    return Stream.of(delivery, publish, ping, health, scrape, delay)
        .flatMap(each -> each.take().stream())
        .toList();
  }

  /// When the phases of the current attack began; the greatest number for a later phase. Readings
  /// of [System#nanoTime], which are compared without overflow in a process of this age.
  private record Times(long beforeNs, long duringNs, long afterNs) {}
}
