package dev.fanfare.transport;

import dev.fanfare.observe.NanoClock;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Runs the expensive steps of TLS handshakes on the lane, a few at a time: between them the lane
/// reads its sockets and delivers events, so that a wave of reconnects delays those who are
/// connected by a millisecond or by one signature. Confined to the lane.
final class HandshakeTurns implements Executor {

  private static final long TURN_NS = TimeUnit.MILLISECONDS.toNanos(1);

  private final EventExecutor lane;
  private final Queue<Runnable> waiting = new ArrayDeque<>();
  private boolean isScheduled;
  private long beganNs;

  HandshakeTurns(EventExecutor lane) {
    this.lane = lane;
  }

  @Override
  public void execute(Runnable step) {
    waiting.add(step);
    scheduleTurn();
  }

  /// Scheduled tasks run once per iteration of the loop, after reading; what is executed runs in
  /// the same one.
  private void scheduleTurn() {
    if (!isScheduled && !waiting.isEmpty()) {
      isScheduled = true;
      var _ = lane.schedule(this::onTurn, 0, TimeUnit.NANOSECONDS);
    }
  }

  private void onTurn() {
    beganNs = NanoClock.SYSTEM.nanoTime();
    onStep();
  }

  /// A step hands the signature over to the lane, which computes it before what is handed over
  /// after it.
  private void onStep() {
    Runnable step = waiting.poll();
    if (step == null) {
      isScheduled = false;
      return;
    }
    try {
      step.run();
    } finally {
      lane.execute(this::onStepDone);
    }
  }

  private void onStepDone() {
    if (NanoClock.SYSTEM.nanoTime() - beganNs < TURN_NS) {
      onStep();
    } else {
      isScheduled = false;
      scheduleTurn();
    }
  }
}
