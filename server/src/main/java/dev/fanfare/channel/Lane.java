package dev.fanfare.channel;

import dev.fanfare.observe.LaneTally;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;

/// One event loop's part of the fan-out: it owns the subscribers whose sockets live on that loop.
///
/// Anyone may [#enqueue]; all else happens on the loop. A turn takes everything that is pending, so
/// under load the number of writes per delivery falls by itself, and serves at most [#SLICE]
/// subscribers before it lets the loop read, answer pings and write again.
public final class Lane {

  /// Deliveries per turn and channel in the round: about half a millisecond of system calls.
  static final int SLICE = 96;

  /// Deliveries per turn at most, so that a ping never waits for more than a few milliseconds.
  static final int MAX_TURN = 512;

  /// Messages that may wait for one lane before publishers are told to back off.
  static final int MAX_PENDING = 65_536;

  private static final int QUEUE_CHUNK = 1_024;

  private final int index;
  private final Executor loop;
  private final Executor afterReads;
  private final BooleanSupplier isOwner;
  private final Frames.Maker maker;

  private final MpscUnboundedAtomicArrayQueue<Outbound> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK);
  private final AtomicBoolean isScheduled = new AtomicBoolean();
  private final AtomicInteger waiting = new AtomicInteger();
  private final Runnable turn = this::onTurn;
  private final LaneTally tally = new LaneTally();

  // For lagNs: written by its caller, and by the loop only while the caller waits.
  private long askedNs;
  private volatile long answeredNs = 1;

  /// What the last question came to.
  private volatile long lastLagNs;

  // Owned by the loop.
  private final ArrayDeque<Audience> round = new ArrayDeque<>();
  private final List<Subscriber> unflushed = new ArrayList<>();
  private final List<Outbound> written = new ArrayList<>();

  /// @param index this lane's place among the node's lanes
  /// @param loop runs tasks on the owning thread, in order
  /// @param afterReads the same, but lets the loop read from its sockets first
  /// @param isOwner true on the owning thread
  public Lane(
      int index, Executor loop, Executor afterReads, BooleanSupplier isOwner, Frames.Maker maker) {
    this.index = index;
    this.loop = loop;
    this.afterReads = afterReads;
    this.isOwner = isOwner;
    this.maker = maker;
  }

  public int index() {
    return index;
  }

  /// What this lane counts.
  public LaneTally tally() {
    return tally;
  }

  /// Messages that wait to be delivered. Approximate; any thread.
  public int waiting() {
    return waiting.get();
  }

  /// How late this lane was when it was last asked, nanoseconds; any thread.
  public long lastLagNs() {
    return lastLagNs;
  }

  /// True on the thread that owns this lane; for assertions.
  public boolean onOwner() {
    return isOwner.getAsBoolean();
  }

  /// Runs `task` on the owning thread, after what was put there before.
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /// False if so much waits that an event from outside should be refused. Approximate; any thread.
  boolean hasRoom() {
    return waiting.get() < MAX_PENDING;
  }

  /// Puts a message in the queue and wakes the loop if nobody has. Any thread.
  void enqueue(Outbound outbound) {
    waiting.incrementAndGet();
    queue.offer(outbound);
    wake();
  }

  /// Adds a subscription that [Channels#join] decided on. From here on it is delivered to.
  public void onJoin(Subscription subscription) {
    assert onOwner();
    subscription.channel.audience(index).add(subscription);
  }

  /// Removes a subscription; what is still pending is no longer delivered to it.
  public void onLeave(Subscription subscription) {
    assert onOwner();
    Audience audience = subscription.channel.audienceOrNull(index);
    if (audience != null) {
      audience.remove(subscription);
    }
  }

  /// How long the last question has waited or, if it was answered, had to wait; nanoseconds. Asks
  /// again if it was answered. Called by one thread that is not the owner.
  long lagNs(long nowNs) {
    long answered = answeredNs;
    long lagNs = (answered == 0 ? nowNs : answered) - askedNs;
    lastLagNs = lagNs;
    if (answered == 0) {
      return lagNs;
    }
    askedNs = nowNs;
    answeredNs = 0;
    loop.execute(() -> answeredNs = System.nanoTime());
    return lagNs;
  }

  private void onTurn() {
    assert onOwner();
    isScheduled.set(false);
    takePending();
    // Reading early pays if it lengthens the batch of a walk that goes on. Events for many small
    // channels have nothing to join: they are delivered before more of them are let in.
    int budget = Math.min(SLICE * round.size(), MAX_TURN);
    while (budget > 0 && !round.isEmpty()) {
      Audience audience = round.remove();
      int before = audience.waiting();
      budget -= Math.max(1, audience.deliver(budget, maker, unflushed, written));
      waiting.addAndGet(audience.waiting() - before);
      audience.isQueued = audience.hasWork();
      if (audience.isQueued) {
        round.add(audience);
      }
    }
    flush();
    if (!round.isEmpty() && isScheduled.compareAndSet(false, true)) {
      afterReads.execute(turn);
    }
  }

  private void wake() {
    if (isScheduled.compareAndSet(false, true)) {
      loop.execute(turn);
    }
  }

  private void takePending() {
    Outbound outbound;
    while ((outbound = queue.poll()) != null) {
      Audience audience = outbound.channel().audienceOrNull(index);
      if (audience == null || audience.size() == 0) {
        waiting.decrementAndGet();
        continue;
      }
      audience.enqueue(outbound);
      if (!audience.isQueued) {
        audience.isQueued = true;
        round.add(audience);
      }
    }
  }

  private void flush() {
    for (int i = 0; i < unflushed.size(); i++) {
      unflushed.get(i).onFlush();
    }
    unflushed.clear();
    if (!written.isEmpty()) {
      long nowNs = System.nanoTime();
      for (int i = 0; i < written.size(); i++) {
        tally.latency().record(nowNs - written.get(i).handedOverNs());
      }
      written.clear();
    }
  }
}
