package dev.fanfare.webhook;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.slf4j.Logger;

/// The door between event loops and webhooks: facts go into one bounded queue without blocking, and
/// one thread takes them out, holds back what may yet be undone and passes on what is due, as much
/// as there is at once.
final class Intake implements AutoCloseable {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Facts that may wait for the thread; it is idle unless the outbox's disk is slow.
  static final int CAPACITY = 65_536;

  private static final int MOST_AT_ONCE = 1_000;

  /// How late a fact that was held back may be.
  private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long STOP_MS = 10_000;

  private final MpscAtomicArrayQueue<Fact> queue = new MpscAtomicArrayQueue<>(CAPACITY);
  private final HoldBack holdBack;
  private final NanoClock clock;
  private final Consumer<List<Fact>> due;
  private final Thread thread =
      Thread.ofPlatform().name("fanfare-webhooks").daemon().unstarted(this::run);

  private volatile boolean isAsleep;
  private volatile boolean isClosed;

  /// @param due takes what is due, in order; may block
  Intake(HoldBack holdBack, NanoClock clock, Consumer<List<Fact>> due) {
    this.holdBack = holdBack;
    this.clock = clock;
    this.due = due;
  }

  Intake start() {
    thread.start();
    return this;
  }

  /// Takes a fact, or returns false if too many wait. Any thread; never blocks.
  boolean offer(Fact fact) {
    boolean taken = queue.offer(fact);
    if (isAsleep) {
      LockSupport.unpark(thread);
    }
    return taken;
  }

  /// Passes on everything that was taken, held back or not, and ends.
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
      passOn();
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
    int taken = queue.drain(fact -> holdBack.take(fact, batch::add), MOST_AT_ONCE);
    if (taken < MOST_AT_ONCE) {
      // Else what would undo a removal may still be in the queue.
      holdBack.release(clock.nanoTime(), batch::add);
    }
    passOn(batch);
  }

  private void passOn(List<Fact> batch) {
    try {
      if (!batch.isEmpty()) {
        due.accept(batch);
      }
    } catch (RuntimeException e) {
      log.error("{} facts for webhooks are lost", batch.size(), e);
    }
  }

  /// Sleeps until there is something to do. Whoever offers a fact looks whether this thread is
  /// asleep after having put it into the queue, and this thread looks into the queue after having
  /// said so: one of them sees the other.
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
