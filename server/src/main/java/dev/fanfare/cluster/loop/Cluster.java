package dev.fanfare.cluster.loop;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.RateShares;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.Mesh;
import dev.fanfare.cluster.MeshListener;
import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.cluster.MeshPorts;
import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.datagram.AppHashes;
import dev.fanfare.observe.Component;
import dev.fanfare.observe.HeapExhaustion;
import dev.fanfare.observe.LineBudget;
import dev.fanfare.observe.NanoClock;
import dev.fanfare.observe.Readiness;
import dev.fanfare.observe.Vital;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// The bus of a node with others: drives the [Mesh] with one thread, `fanfare-cluster`.
///
/// Any thread may [#publish]: that is one queue operation, and at most one wake-up for all messages
/// of a turn; none if the thread looks at the queue within a millisecond anyway. The thread takes
/// those messages and the engine's datagrams in turns, applies what other nodes have decided, and
/// sends what waits. It never blocks; it holds one entry of `Channels` at a time, like any other
/// thread.
public final class Cluster implements Bus {

  /// Messages and datagrams of one turn, so that both are taken, and what waits is sent.
  private static final int MAX_MESSAGES = 1_024;

  private static final int MAX_DATAGRAMS = 64;

  /// Facts of a recount that wait before the next entry publishes its own.
  private static final int MAX_RESTATED = 1_024;

  private static final long JOIN_MS = 5_000;

  private static final Logger log = Component.CLUSTER.logger();

  private final NanoClock clock;
  private final Vital vital = new Vital("fanfare-cluster");
  private final Outgoing outgoing = new Outgoing();
  private final Incoming incoming = new Incoming();
  private final RateShares shares = new RateShares();
  private final Engine engine;
  private final Mesh mesh;
  private final long life;
  private final String name;
  private final boolean isUnreadyWhenCutOff;
  private final Thread thread =
      Thread.ofPlatform()
          .name("fanfare-cluster")
          .daemon()
          .unstarted(() -> vital.keepAlive(this::run));

  private volatile Receiver receiver = (_, _, _) -> {};
  private volatile @Nullable ClusterState state;
  private volatile NodesView nodes;
  private volatile boolean hasPeers;
  private volatile boolean isAsleep;
  private volatile boolean awaitsMessages;
  private volatile boolean isDraining;
  private volatile boolean isClosing;
  private final AtomicReference<@Nullable AppsUpdate> appsUpdate = new AtomicReference<>();

  // Owned by the thread, once it is started.
  private final Flush flush = new Flush();
  private final Reconnects reconnects = new Reconnects();
  private final Farewell farewell;
  private final ClusterLog events;
  private @Nullable ClusterHealth health;
  private Iterable<Runnable> facts = List.of();
  private @Nullable Recount recount;
  private long tickedAtNs;
  private boolean isFullTurn;
  private boolean isStateOld;

  /// @param options how this node takes part
  /// @param life of this process: random, not 0, never used before
  /// @param isUnreadyWhenCutOff `/ready` answers 503 while the bus does not answer
  /// @param wire is opened by [#start] and closed by [#close]
  public Cluster(
      MeshOptions options, long life, boolean isUnreadyWhenCutOff, Wire wire, NanoClock clock) {
    this.clock = clock;
    this.life = life;
    this.isUnreadyWhenCutOff = isUnreadyWhenCutOff;
    this.name = options.node();
    this.events = new ClusterLog(options.cluster(), name);
    this.engine = new Engine(wire, incoming, this::wake);
    this.nodes = new NodesView(life, List.of(life), List.of(life), false, 0, 0);
    long nowNs = clock.nanoTime();
    this.mesh = new Mesh(options, life, ports(), nowNs);
    this.farewell = new Farewell(mesh);
    this.tickedAtNs = nowNs - Mesh.TICK_NS;
  }

  private MeshPorts ports() {
    return new MeshPorts(
        engine::send,
        (node, message, asOfNs) -> receiver.onMessage(node, message, asOfNs),
        event -> receiver.hasRoom(event),
        event -> {
          if (event instanceof MeshListener.Ending) {
            showState(clock.nanoTime()); // its webhooks are sent by another node
          }
          isStateOld = true;
          events.onEvent(event);
        },
        shares);
  }

  /// The name of this node for people. Any thread.
  public String name() {
    return name;
  }

  /// The name of another node; empty if it is not known. Any thread.
  public String nameOf(long other) {
    ClusterState now = state;
    return now == null
        ? ""
        : now.mesh().peers().stream()
            .filter(peer -> peer.life() == other)
            .map(MeshState.PeerState::node)
            .findFirst()
            .orElse("");
  }

  /// Connects to the engine and joins the other nodes. Called once, when this node can deliver.
  ///
  /// @param readiness is given what is wrong with the cluster
  /// @param all facts that this node owns, should some not fit into a queue: each element publishes
  ///   those of one entry while it holds the entry; an entry that is created meanwhile may be left
  ///   out
  public void start(Readiness readiness, Iterable<Runnable> all) {
    facts = all;
    health = new ClusterHealth(readiness, isUnreadyWhenCutOff);
    readiness.vitals().add(vital);
    showState(clock.nanoTime()); // not ready before the first connection is accepted
    engine.open(life);
    thread.start();
  }

  @Override
  public void onMessage(Receiver next) {
    receiver = next;
  }

  @Override
  public void publish(BusMessage message) {
    if (Thread.currentThread() == thread) {
      outgoing.restate(message);
      return;
    }
    outgoing.add(message);
    boolean isAwaited = awaitsMessages && hasPeers && Outgoing.isUrgent(message);
    if (isAwaited || outgoing.isLong()) {
      wake(); // else the next tick is soon enough
    }
  }

  /// From now on the other nodes know that this one is shutting down.
  public void drain() {
    isDraining = true;
    wake();
  }

  /// The apps of this node have changed, and whatever applies messages knows the new ones. Any
  /// thread.
  ///
  /// @param configHash of all apps
  /// @param ids of all apps
  /// @param added ids of the new ones
  public void appsChanged(long configHash, Collection<String> ids, Collection<String> added) {
    AppsUpdate update = new AppsUpdate(configHash, AppHashes.of(ids), Set.copyOf(added));
    var _ = appsUpdate.accumulateAndGet(update, AppsUpdate::after);
    wake(); // if this comes too early, the next tick is soon enough
  }

  /// The cluster as this node saw it less than a tick ago; null before [#start]. Any thread.
  public @Nullable ClusterState state() {
    return state;
  }

  @Override
  public NodesView nodes() {
    return nodes;
  }

  @Override
  public RateShares shares() {
    return shares;
  }

  /// Sends what was published and the farewell, waits for up to two seconds until the others have
  /// it, and disconnects. Blocks.
  @Override
  public void close() {
    isClosing = true;
    LockSupport.unpark(thread);
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    engine.close();
  }

  /// A producer looks at `isAsleep` after adding to a queue, and the thread looks at the queues
  /// after setting it, so at least one of them sees the other.
  private void wake() {
    if (isAsleep) {
      isAsleep = false; // one of the messages of a turn is enough
      LockSupport.unpark(thread);
    }
  }

  private void run() {
    while (!isClosing || !farewell.isDone(isMute(), clock.nanoTime())) {
      vital.busy();
      turn();
      vital.idle();
      nap(clock.nanoTime());
    }
  }

  private boolean isMute() {
    return !engine.isConnected() || mesh.deafNs(clock.nanoTime()) > 0;
  }

  private void turn() {
    takeDatagrams();
    takeMessages();
    long nowNs = clock.nanoTime();
    AppsUpdate update = appsUpdate.getAndSet(null);
    if (update != null) {
      attempt(_ -> mesh.appsChanged(update.configHash(), update.apps(), update.added()), nowNs);
    }
    attempt(this::recount, nowNs);
    if (nowNs - tickedAtNs >= Mesh.TICK_NS) {
      tickedAtNs = nowNs;
      attempt(this::tick, nowNs);
    }
    if (isDraining || isClosing) {
      attempt(now -> farewell.step(isClosing, outgoing.isEmpty(), now), nowNs);
    }
    attempt(this::flush, nowNs);
    if (isStateOld) {
      attempt(this::showState, nowNs);
    }
  }

  /// The clock is read after each is taken: a time before its arrival would make its events older
  /// than they are, and subscriptions made meanwhile would not get them.
  private void takeDatagrams() {
    byte[] datagram;
    for (int i = 0; i < MAX_DATAGRAMS && (datagram = incoming.poll()) != null; i++) {
      try {
        mesh.received(datagram, clock.nanoTime());
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        onFailure(e);
      }
    }
  }

  /// The same holds for when each was published.
  private void takeMessages() {
    BusMessage message;
    int taken = 0;
    while (taken < MAX_MESSAGES && (message = outgoing.poll()) != null) {
      taken++;
      try {
        take(message, clock.nanoTime());
      } catch (RuntimeException | Error e) {
        HeapExhaustion.exitIf(e);
        onFailure(e);
      }
    }
    isFullTurn = taken == MAX_MESSAGES;
    flush.onTaken(taken);
  }

  private void take(BusMessage message, long nowNs) {
    Recount current = recount;
    if (Recount.isMark(message)) {
      if (current != null && current.passes(message)) {
        recount = null;
        mesh.resync(current.facts(), nowNs);
      }
      return;
    }
    if (current != null) {
      current.follow(message);
    }
    mesh.local(message, nowNs);
  }

  /// Collects the facts of this node again, in slices, if some did not fit into the queue.
  private void recount(long nowNs) {
    if (outgoing.takeIncomplete()) {
      log.warn("too many changes at once for the cluster's queue; sending the whole state again");
      recount = new Recount(facts.iterator(), outgoing); // one that has begun before lacks some
    }
    if (recount != null) {
      recount.step(MAX_RESTATED);
    }
  }

  private void tick(long nowNs) {
    isStateOld = true;
    mesh.behind(recount != null || isFullTurn);
    mesh.tick(nowNs);
    if (reconnects.isDue(mesh.deafNs(nowNs), mesh.isHeardByNone(nowNs), nowNs)) {
      engine.reconnect(mesh.deafNs(nowNs) > 0 ? "it does not answer" : "no other node hears it");
    }
    long dropped = outgoing.takeDropped();
    if (dropped > 0) {
      mesh.countLost(MeshListener.Loss.QUEUE, dropped);
      if (LineBudget.FAULTS.permits(log)) {
        log.warn(
            "{} events for other nodes are lost: more than {} messages or {} bytes waited for the"
                + " cluster's thread",
            dropped,
            Outgoing.MAX_MESSAGES,
            Outgoing.MAX_BYTES);
      }
    }
  }

  private void flush(long nowNs) {
    if (flush.isDue(mesh.hasWaiting(), mesh.waitingBytes(), nowNs)) {
      flush.onFlushed(nowNs);
      mesh.flush(nowNs);
    }
  }

  private void showState(long nowNs) {
    isStateOld = false;
    ClusterState next = new ClusterState(mesh.state(nowNs), engine.state());
    state = next;
    nodes = next.view(life, isDraining, nowNs);
    hasPeers = !next.mesh().peers().isEmpty();
    if (health != null) {
      health.show(next);
    }
  }

  private void nap(long nowNs) {
    if (recount != null || isFullTurn) {
      return;
    }
    boolean mayMessagesWait = flush.mayMessagesWait();
    awaitsMessages = !mayMessagesWait;
    isAsleep = true;
    if (incoming.isEmpty() && (mayMessagesWait || outgoing.isEmpty())) {
      long tickNs = Math.clamp(tickedAtNs + Mesh.TICK_NS - nowNs, 0, Mesh.TICK_NS);
      LockSupport.parkNanos(this, flush.sleepNs(tickNs, nowNs));
    }
    isAsleep = false;
  }

  private static void attempt(LongConsumer step, long nowNs) {
    try {
      step.accept(nowNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      onFailure(e);
    }
  }

  private static void onFailure(Throwable failure) {
    if (LineBudget.FAULTS.permits(log)) {
      log.error("the cluster's thread failed, and continues", failure);
    }
  }
}
