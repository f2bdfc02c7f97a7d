package dev.fanfare.channel.lane;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;

/// Connections of one lane that have ended with many subscriptions: they leave their channels in
/// slices, one after the other, between the lane's other turns. So a crowd that disconnects at once
/// does not delay other connections. Confined to the lane.
///
/// Each turn handles at least one slice and, while input or deliveries make turns long, as many as
/// fit into a quarter of the lane's time, so that a crowd cannot join faster than it leaves.
public final class Departures {

  /// Subscriptions to leave at a time: about a millisecond.
  public static final int SLICE = 64;

  /// The time since the last turn, divided by this, is what a turn may use.
  private static final int SHARE_OF_OTHERS = 3;

  private static final long MAX_TURN_NS = TimeUnit.MILLISECONDS.toNanos(5);

  /// After that many failures in a row the rest of a connection's clean-up is given up.
  private static final int MAX_FAILURES = 3;

  private static final Logger log = Component.CONNECTIONS.logger();

  /// @param step handles one slice; true when there is nothing left
  /// @param whenDone runs once, after the last slice
  private record Departure(BooleanSupplier step, Runnable whenDone) {}

  private final Executor afterReads;
  private final NanoClock clock;
  private final Queue<Departure> waiting = new ArrayDeque<>();
  private final Runnable turn = this::onTurn;

  /// When the last turn ended, while there are more.
  private long endedNs;

  private boolean hasBegun;
  private boolean isScheduled;
  private int failures;

  /// @param afterReads runs a task on the lane, but the loop reads from its sockets first
  Departures(Executor afterReads, NanoClock clock) {
    this.afterReads = afterReads;
    this.clock = clock;
  }

  /// Begins in a later turn.
  ///
  /// @param step handles one slice; true when there is nothing left. One that fails is repeated.
  /// @param whenDone runs once, after the last slice
  public void add(BooleanSupplier step, Runnable whenDone) {
    waiting.add(new Departure(step, whenDone));
    schedule();
  }

  /// Runs `task` after everything that was added before; now if nothing waits.
  public void whenDone(Runnable task) {
    if (waiting.isEmpty()) {
      task.run();
    } else {
      add(() -> true, task);
    }
  }

  private void schedule() {
    if (!isScheduled && !waiting.isEmpty()) {
      isScheduled = true;
      afterReads.execute(turn);
    }
  }

  private void onTurn() {
    isScheduled = false;
    try {
      long startNs = clock.nanoTime();
      long mayUseNs = hasBegun ? Math.min((startNs - endedNs) / SHARE_OF_OTHERS, MAX_TURN_NS) : 0;
      long nowNs;
      do {
        onSlice(waiting.element());
        nowNs = clock.nanoTime();
      } while (!waiting.isEmpty() && nowNs - startNs < mayUseNs);
      endedNs = nowNs;
    } finally {
      hasBegun = !waiting.isEmpty();
      schedule();
    }
  }

  private void onSlice(Departure departure) {
    if (isOver(departure)) {
      waiting.remove();
      failures = 0;
      try {
        departure.whenDone().run();
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        onFailure(e);
      }
    }
  }

  private boolean isOver(Departure departure) {
    try {
      return departure.step().getAsBoolean();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      onFailure(e);
      return ++failures == MAX_FAILURES;
    }
  }

  private static void onFailure(Throwable cause) {
    if (LineBudget.FAULTS.permits(log)) {
      log.error("failed to clean up after a connection; others are not affected", cause);
    }
  }
}
