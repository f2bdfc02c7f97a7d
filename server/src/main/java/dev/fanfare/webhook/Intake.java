package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Vital;
import dev.fanfare.webhook.outbox.Fact;
import dev.fanfare.webhook.outbox.FairBytes;
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

  /// Bytes after which a batch ends, so that a write to the outbox needs little memory.
  private static final long MAX_BATCH_BYTES = 1 << 20;

  /// The longest delay of a fact that was held back, after it is due.
  private static final long NAP_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private static final long STOP_MS = 10_000;

  private final MpscAtomicArrayQueue<Fact> queue = new MpscAtomicArrayQueue<>(CAPACITY);
  private final FairBytes<String> bytes;
  private final Screen screen;
  private final Reconciliation reconciliation;
  private final NanoClock clock;
  private final Runnable chores;
  private final Consumer<List<Fact>> due;
  private final Thread thread =
      Thread.ofPlatform()
          .name("fanfare-webhooks")
          .daemon()
          .unstarted(() -> vital().keepAlive(this::run));

  private final Vital vital;
  private volatile boolean isAsleep;
  private volatile boolean isClosed;

  /// @param bytes memory of the facts that wait, by app
  /// @param screen holds back what may still be undone or is reported by another node
  /// @param chores are done in each turn, before facts are taken; may block
  /// @param due receives what is due, in order; may block
  Intake(
      FairBytes<String> bytes,
      Screen screen,
      Reconciliation reconciliation,
      NanoClock clock,
      Runnable chores,
      Consumer<List<Fact>> due) {
    this.bytes = bytes;
    this.screen = screen;
    this.reconciliation = reconciliation;
    this.clock = clock;
    this.vital = new Vital("fanfare-webhooks", clock);
    this.chores = chores;
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

  /// Accepts a fact, or returns false if too many are waiting, or too many of its app. Any thread;
  /// never blocks.
  boolean offer(Fact fact) {
    if (!bytes.reserve(fact.app().id(), charge(fact))) {
      return false;
    }
    boolean accepted = queue.offer(fact);
    if (!accepted) {
      bytes.release(fact.app().id(), charge(fact));
    }
    if (isAsleep) {
      LockSupport.unpark(thread);
    }
    return accepted;
  }

  /// Why [#offer] has refused a fact of an app.
  String limit(App app) {
    return "too many events are waiting to be accepted: "
        + bytes.used(app.id())
        + " bytes of this app, "
        + bytes.used()
        + " of all, the limit is "
        + bytes.limit()
        + " (a part of webhook_memory_bytes)";
  }

  /// At least the bytes at which the queue would be full of such facts, so that an app cannot fill
  /// it with small ones either.
  private long charge(Fact fact) {
    return Math.max(fact.bytes(), bytes.limit() / CAPACITY);
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
      attemptChores();
      passOn();
      vital.idle();
      nap();
    }
    while (!queue.isEmpty()) {
      passOn();
    }
    List<Fact> rest = new ArrayList<>();
    screen.releaseAll(rest::add);
    passOn(rest);
  }

  private void attemptChores() {
    try {
      chores.run();
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      log.error("failed to exchange pending webhook events with other nodes, will retry", e);
    }
  }

  private void passOn() {
    List<Fact> drained = new ArrayList<>();
    try {
      drain(drained);
    } finally {
      drained.forEach(done -> bytes.release(done.app().id(), charge(done)));
    }
  }

  private void drain(List<Fact> drained) {
    List<Fact> batch = new ArrayList<>();
    screen.step(batch::add);
    long drainedBytes = 0;
    Fact fact = null;
    while (drained.size() < MAX_BATCH
        && drainedBytes < MAX_BATCH_BYTES
        && (fact = queue.poll()) != null) {
      drained.add(fact);
      drainedBytes += fact.bytes();
      screen.take(fact, batch::add);
    }
    if (fact == null) {
      // Otherwise the fact that undoes a removal may still be in the queue.
      screen.release(clock.nanoTime(), batch::add);
    }
    passOn(batch);
    if (fact == null && !isClosed && screen.coordination().isSettled()) {
      reconcile(); // no arrival is waiting in the queue
    }
  }

  private void reconcile() {
    List<Fact> departures = new ArrayList<>();
    reconciliation.step(screen.admitted(departures::add));
    passOn(departures);
  }

  private void passOn(List<Fact> batch) {
    try {
      if (!batch.isEmpty()) {
        due.accept(batch);
        screen.accepted(batch);
      }
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      screen.lost(batch);
      log.error("{} webhook events were lost", batch.size(), e);
    }
  }

  /// Sleeps until there is work. A producer checks `isAsleep` after adding to the queue, and this
  /// thread checks the queue after setting `isAsleep`, so at least one of them sees the other.
  private void nap() {
    isAsleep = true;
    if (queue.isEmpty() && !isClosed) {
      if (screen.isIdle() && reconciliation.isDone()) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, NAP_NS);
      }
    }
    isAsleep = false;
  }
}
