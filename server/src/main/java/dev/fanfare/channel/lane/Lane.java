package dev.fanfare.channel.lane;

import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LaneTally;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Parsed;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jctools.queues.atomic.MpscUnboundedAtomicArrayQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// One event loop's part of the fan-out: it owns the subscribers whose sockets live on that loop.
///
/// Any thread may [#enqueue]; everything else happens on the loop. A turn takes all pending
/// messages, so the writes per delivery fall under load, and it serves a limited number of
/// subscribers before the loop reads, answers pings and writes again.
public final class Lane {

  /// Deliveries per turn and pending channel: about half a millisecond of system calls.
  static final int SLICE = 96;

  /// Deliveries per turn at most, so that a ping never waits for more than a few milliseconds.
  static final int MAX_TURN = 512;

  /// The part of a turn that events leave to facts while both wait: that divided by this.
  private static final int FACTS_SHARE = 4;

  /// Messages that may be pending for one lane before publishes are refused.
  static final int MAX_PENDING = 65_536;

  /// Client events may use that divided by this.
  private static final int CLIENT_SHARE = 2;

  private static final int QUEUE_CHUNK = 1_024;

  private static final Logger log = Component.CHANNELS.logger();

  private final int index;
  private final Executor loop;
  private final Executor afterReads;
  private final BooleanSupplier isOwner;
  private final Frames.Maker maker;
  private final long maxPendingBytes;

  private final MpscUnboundedAtomicArrayQueue<Outbound> queue =
      new MpscUnboundedAtomicArrayQueue<>(QUEUE_CHUNK);
  private final AtomicBoolean isScheduled = new AtomicBoolean();

  /// The sum of [Outbound#load] of the events that wait.
  private final AtomicLong waiting = new AtomicLong();

  /// Facts that wait. They are never refused, and clients that cause them in great numbers must not
  /// keep servers from publishing, so they have no part in the limits of events.
  private final AtomicInteger facts = new AtomicInteger();

  private final Runnable turn = this::onTurn;
  private final LaneTally tally = new LaneTally();
  private final Departures departures;

  // For lagNs: written by its caller, and by the loop only between a probe and its answer.
  private long askedNs;
  private long standstillBeforeNs;
  private volatile long answeredNs = 1;

  /// The result of the last probe.
  private volatile long lastLagNs;

  // Owned by the loop.
  private final Round round = new Round(this::deliver);

  /// Audiences for which only facts wait: clients who join and leave a great number of channels
  /// must not keep events waiting. One that gets an event joins `round` too.
  private final ArrayDeque<Audience> postponed = new ArrayDeque<>();

  private final CatchUps catchUps = new CatchUps(this::wake);

  private final Turn state;

  /// A lane whose messages may take any number of bytes.
  public Lane(
      int index, Executor loop, Executor afterReads, BooleanSupplier isOwner, Frames.Maker maker) {
    this(index, loop, afterReads, isOwner, maker, Outbound.MESSAGE - 1);
  }

  /// @param index this lane's index among the node's lanes
  /// @param loop runs tasks on the owning thread, in order
  /// @param afterReads the same, but the loop reads from its sockets first
  /// @param isOwner true on the owning thread
  /// @param maxPendingBytes heap that pending messages may take before publishes are refused
  public Lane(
      int index,
      Executor loop,
      Executor afterReads,
      BooleanSupplier isOwner,
      Frames.Maker maker,
      long maxPendingBytes) {
    this.index = index;
    this.loop = loop;
    this.afterReads = afterReads;
    this.isOwner = isOwner;
    this.maker = maker;
    this.maxPendingBytes = maxPendingBytes;
    this.departures = new Departures(afterReads, NanoClock.SYSTEM);
    this.state = new Turn(index, tally);
  }

  public int index() {
    return index;
  }

  /// This lane's counters.
  public LaneTally tally() {
    return tally;
  }

  /// The connections of this lane that have ended with many subscriptions; only on its loop.
  public Departures departures() {
    assert onOwner();
    return departures;
  }

  /// Messages pending delivery. Approximate; any thread.
  public int waiting() {
    return Outbound.events(waiting.get()) + facts.get();
  }

  /// The lag of this lane at the last probe, nanoseconds; any thread.
  public long lastLagNs() {
    return lastLagNs;
  }

  /// True on the thread that owns this lane; for assertions.
  public boolean onOwner() {
    return isOwner.getAsBoolean();
  }

  /// Runs `task` on the owning thread, after earlier tasks.
  public void execute(Runnable task) {
    loop.execute(task);
  }

  /// Fails if too many events are pending to accept another event, without a full stop.
  /// Approximate; any thread.
  ///
  /// @param origin a client's event finds room only while less than half is used, so that clients
  ///   never keep servers from publishing
  Parsed<Parsed.Passed> checkRoom(Origin origin) {
    long load = waiting.get();
    int share = origin == Origin.HTTP ? 1 : CLIENT_SHARE;
    if (Outbound.events(load) < MAX_PENDING / share
        && Outbound.bytes(load) < maxPendingBytes / share) {
      return maker.checkRoom();
    }
    String whose = origin == Origin.HTTP ? "" : " for client events";
    return Outbound.events(load) >= MAX_PENDING / share
        ? new Parsed.Bad<>(
            Outbound.events(load)
                + " events wait for a lane, the limit"
                + whose
                + " is "
                + MAX_PENDING / share)
        : new Parsed.Bad<>(
            "events that wait for a lane take "
                + Outbound.bytes(load)
                + " bytes, the limit"
                + whose
                + " is "
                + maxPendingBytes / share
                + ", a part of the heap (-Xmx)");
  }

  /// Queues a message and wakes the loop unless it is scheduled already. Any thread.
  void enqueue(Outbound outbound) {
    count(outbound, 1);
    queue.offer(outbound);
    wake();
  }

  private void count(Outbound outbound, int sign) {
    long load = outbound.load();
    if (load == 0) {
      facts.addAndGet(sign);
    } else {
      waiting.addAndGet(sign * load);
    }
  }

  /// Runs `task` on the owning thread, at once if this is it.
  public void run(Runnable task) {
    if (onOwner()) {
      task.run();
    } else {
      execute(task);
    }
  }

  /// Adds a subscription that [Channels#join] accepted; it receives deliveries from now on.
  public void onJoin(Subscription subscription) {
    assert onOwner();
    subscription.channel.audience(index).add(subscription);
  }

  /// Adds a subscription to which kept events are replayed first, in later turns; it receives
  /// deliveries in the order of the channel, each once.
  ///
  /// @param replay null if nothing is replayed
  public void onJoin(Subscription subscription, @Nullable CatchUp replay) {
    if (replay == null) {
      onJoin(subscription);
      return;
    }
    assert onOwner();
    Audience audience = subscription.channel.audience(index);
    audience.add(replay);
    catchUps.add(replay, audience);
  }

  /// What is being delivered to a subscription cannot be written, because its client reads too
  /// slowly. From there on, what a rule keeps is replayed to it once the client has read the rest;
  /// of what no rule keeps, it gets facts, and misses events until then.
  ///
  /// @return false if no rule keeps anything
  public boolean onBehind(Subscription subscription, NanoClock clock) {
    assert onOwner();
    Audience audience = subscription.channel.audienceOrNull(index);
    CatchUp catchUp = audience == null ? null : audience.fallBehind(subscription, clock);
    if (audience == null || catchUp == null) {
      return false;
    }
    catchUps.add(catchUp, audience);
    return true;
  }

  /// Removes a subscription; pending messages are no longer delivered to it.
  public void onLeave(Subscription subscription) {
    assert onOwner();
    Audience audience = subscription.channel.audienceOrNull(index);
    if (audience != null) {
      audience.remove(subscription);
    }
  }

  /// How long the last probe took or, if the loop has not run it yet, has been waiting;
  /// nanoseconds. Sends the next probe if the last one has run. Called by one thread that is not
  /// the owner.
  ///
  /// @param standstillNs for how long the process has stood still since its start: what is added
  ///   between a probe and its answer is no lag of the lane
  long lagNs(NanoClock clock, long standstillNs) {
    long nowNs = clock.nanoTime();
    long answered = answeredNs;
    long waitedNs = (answered == 0 ? nowNs : answered) - askedNs;
    long lagNs = Math.max(0, waitedNs - (standstillNs - standstillBeforeNs));
    lastLagNs = lagNs;
    if (answered == 0) {
      return lagNs;
    }
    askedNs = nowNs;
    standstillBeforeNs = standstillNs;
    answeredNs = 0;
    loop.execute(() -> answeredNs = clock.nanoTime());
    return lagNs;
  }

  private void onTurn() {
    assert onOwner();
    isScheduled.set(false);
    try {
      takePending();
      // Reading early pays if it lengthens the batch of an unfinished walk. Events for many small
      // channels cannot be coalesced: they are delivered before more are read.
      int facts = Math.min(SLICE * postponed.size(), MAX_TURN);
      int most = MAX_TURN - Math.min(facts, MAX_TURN / FACTS_SHARE);
      int served = round.serve(Math.min(SLICE * round.size(), most));
      serveFacts(Math.min(facts, MAX_TURN - served));
      catchUps.serve(SLICE, maker, state.unflushed);
      flush();
    } finally {
      // After any failure too: a channel that is never served again is muted.
      if (!(round.isEmpty() && postponed.isEmpty() && catchUps.isEmpty())
          && isScheduled.compareAndSet(false, true)) {
        afterReads.execute(turn);
      }
    }
  }

  private void serveFacts(int budget) {
    int left = budget;
    while (left > 0 && !postponed.isEmpty()) {
      Audience audience = postponed.remove();
      audience.isPostponed = false;
      if (audience.isQueued || !audience.hasWork()) {
        continue; // its facts go, or went, with an event
      }
      try {
        left -= deliver(audience, left);
      } finally {
        audience.isPostponed = audience.hasWork();
        if (audience.isPostponed) {
          postponed.add(audience);
        }
      }
    }
  }

  private int deliver(Audience audience, int budget) {
    state.taken = 0;
    state.facts = 0;
    try {
      return Math.max(1, audience.deliver(budget, maker, state));
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      if (LineBudget.FAULTS.permits(log)) {
        log.error("failed to complete a delivery; other channels are not affected", e);
      }
      return budget;
    } finally {
      waiting.addAndGet(-state.taken);
      if (state.facts > 0) {
        facts.addAndGet(-state.facts);
      }
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
      if (audience != null) {
        audience.feed(outbound);
      }
      if (audience == null || audience.size() == 0) {
        WalkCount.none(outbound, state, audience == null ? 0 : audience.catchingUp());
        count(outbound, -1);
        continue;
      }
      audience.enqueue(outbound);
      if (outbound.isEvent()) {
        round.add(audience);
      } else if (!audience.isQueued && !audience.isPostponed) {
        audience.isPostponed = true;
        postponed.add(audience);
      }
    }
  }

  private void flush() {
    List<Subscriber> unflushed = state.unflushed;
    for (int i = 0; i < unflushed.size(); i++) {
      Subscriber subscriber = unflushed.get(i);
      try {
        subscriber.onFlush();
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        subscriber.onDeliveryFailed(e);
      }
    }
    unflushed.clear();
    maker.onFlushed();
    List<Outbound> written = state.written;
    if (!written.isEmpty()) {
      long nowNs = NanoClock.SYSTEM.nanoTime();
      for (int i = 0; i < written.size(); i++) {
        tally.latency().record(nowNs - written.get(i).handedOverNs());
      }
      written.clear();
    }
  }
}
