package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;

/// Decouples event loops from webhooks: facts enter a bounded queue without blocking. One thread
/// takes them out, holds back what may still be undone and passes on what is due, in batches.
final class Intake implements AutoCloseable {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Facts that may wait for the thread. They wait only if the outbox's disk is slow.
  static final int CAPACITY = 65_536;

  private static final int MAX_BATCH = 1_000;

  /// The longest delay of a fact that was held back, after it is due.
  private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long STOP_MS = 10_000;

  private final MpscAtomicArrayQueue<Fact> queue = new MpscAtomicArrayQueue<>(CAPACITY);
  private final HoldBack holdBack;
  private final NanoClock clock;
  private final Consumer<List<Fact>> due;
  private final Thread thread =
      Thread.ofPlatform()
          .name("fanfare-webhooks")
          .daemon()
          .unstarted(() -> vital().keepAlive(this::run));

  private final Vital vital;
  private volatile boolean isAsleep;
  private volatile boolean isClosed;

  /// @param due receives what is due, in order; may block
  Intake(HoldBack holdBack, NanoClock clock, Consumer<List<Fact>> due) {
    this.holdBack = holdBack;
    this.clock = clock;
    this.vital = new Vital("fanfare-webhooks", clock);
    this.due = due;
  }

  /// The pulse of the thread.
  Vital vital() {
    return vital;
  }

  Intake start() {
    thread.start();
    return this;
  }

  /// Accepts a fact, or returns false if too many are waiting. Any thread; never blocks.
  boolean offer(Fact fact) {
    boolean accepted = queue.offer(fact);
    if (isAsleep) {
      LockSupport.unpark(thread);
    }
    return accepted;
  }

  /// Passes on everything that was accepted, held back or not, and stops the thread.
  @Override
  public void close() {
    isClosed = true;
    LockSupport.unpark(thread);
    try {
      thread.join(STOP_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!isClosed) {
      vital.busy();
      passOn();
      vital.idle();
      nap();
    }
    while (!queue.isEmpty()) {
      passOn();
    }
    List<Fact> rest = new ArrayList<>();
    holdBack.releaseAll(rest::add);
    passOn(rest);
  }

  private void passOn() {
    List<Fact> batch = new ArrayList<>();
    int drained = queue.drain(fact -> holdBack.take(fact, batch::add), MAX_BATCH);
    if (drained < MAX_BATCH) {
      // Otherwise the fact that undoes a removal may still be in the queue.
      holdBack.release(clock.nanoTime(), batch::add);
    }
    passOn(batch);
  }

  private void passOn(List<Fact> batch) {
    try {
      if (!batch.isEmpty()) {
        due.accept(batch);
      }
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("{} webhook events were lost", batch.size(), e);
    }
  }

  /// Sleeps until there is work. A producer checks `isAsleep` after adding to the queue, and this
  /// thread checks the queue after setting `isAsleep`, so at least one of them sees the other.
  private void nap() {
    isAsleep = true;
    if (queue.isEmpty() && !isClosed) {
      if (holdBack.isEmpty()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, NAP_NS);
      }
    }
    isAsleep = false;
  }
}
