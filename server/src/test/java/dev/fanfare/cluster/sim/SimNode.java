package dev.fanfare.cluster.sim;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.RateShares;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.ForgetfulMesh;
import dev.fanfare.cluster.Mesh;
import dev.fanfare.cluster.MeshListener;
import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.cluster.MeshPorts;
import dev.fanfare.cluster.MeshState;
import dev.fanfare.cluster.datagram.NewerVersion;
import dev.fanfare.cluster.loop.ClusterState;
import dev.fanfare.cluster.loop.EngineState;
import dev.fanfare.cluster.loop.EngineStateBuilder;
import dev.fanfare.webhook.outbox.Outbox;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// One process: a real [Mesh] with a real server behind it, a clock that is wrong and drifts, and
/// the ability to be stopped, continued and killed.
final class SimNode implements Bus {

  /// A pause, in world time.
  record Pause(long fromMs, long toMs) {}

  private static final long TICK_MS = 100;
  private static final long FLUSH_MS = 1;
  private static final long HAND_OVER_MS = 10;
  private static final long QUEUE_NS = 50_000;
  private static final double MAX_DRIFT = 1e-4;

  /// What a snapshot of the largest simulated state may take beyond the bytes for events.
  private static final long SNAPSHOT_BYTES = 64 << 10;

  /// Messages on their way between the parts of a node.
  private static final int MAX_WAITING = 1_000;

  private static final EngineState ENGINE =
      EngineStateBuilder.builder()
          .address("")
          .isConnected(true)
          .wasReached(true)
          .problem("")
          .sent(0)
          .sentBytes(0)
          .received(0)
          .receivedBytes(0)
          .dropped(0)
          .build();

  private final World world;
  private final SimEngine engine;
  private final int slot;
  private final long life;
  private final long skewNs;
  private final double drift;
  private final Mesh mesh;
  private final SimServer server;
  private final Outbox outbox;
  private final SimDeliveries deliveries;
  private final long outageBytes;
  private final boolean hasFaults;
  private final Restamping restamping = new Restamping();
  private final NewerVersion newerVersion = new NewerVersion();
  private final boolean isUnfenced;

  /// What the server has published and the mesh has not accepted.
  private final ArrayDeque<BusMessage> queue = new ArrayDeque<>();

  private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final Map<MeshListener.Loss, Long> lost = new EnumMap<>(MeshListener.Loss.class);
  private boolean isDead;
  private boolean isPaused;
  private boolean isFlushing;
  private boolean isLeaving;
  private boolean wasTakenForGone;

  /// While it does all that it has slept through, its loops run only afterwards.
  private boolean isCatchingUp;

  private NodesView view;
  private long completeMs = Long.MAX_VALUE;
  private long pausedAtMs;
  private long missed;
  private long diverged;
  private long gone;

  SimNode(Simulation simulation, int slot, SimWebhooks webhooks, Outbox outbox) {
    Defect defect = simulation.defect();
    MeshOptions options = simulation.options();
    this.world = simulation.world();
    this.engine = simulation.engine();
    this.hasFaults = simulation.scenario().hasFaults() || simulation.scenario() == Scenario.KILLS;
    this.isUnfenced = defect == Defect.NO_GENERATION_CHECK;
    this.outageBytes = options.outageBytes();
    this.slot = slot;
    this.life = 1 + world.random.nextLong(Long.MAX_VALUE - 1);
    this.view = new NodesView(life, List.of(life), List.of(life), false, 0, 0);
    this.skewNs = world.random.nextLong(1L << 50);
    this.drift = 1 + (world.random.nextDouble() - 0.5) * 2 * MAX_DRIFT;
    this.outbox = outbox;
    this.deliveries = webhooks.deliveries();
    this.server = new SimServer(this, this, outbox, webhooks.of(this), defect);
    MeshPorts ports =
        new MeshPorts(
            (to, datagram) -> send(to, datagram, defect),
            server,
            server::hasRoom,
            this::onEvent,
            new RateShares());
    this.mesh =
        defect == Defect.NO_RECENT_EVENTS
            ? ForgetfulMesh.create(options, life, ports, nowNs())
            : new Mesh(options, life, ports, nowNs());
    engine.add(this);
    tickLater();
  }

  private void send(long to, byte[] datagram, Defect defect) {
    boolean isNewer = defect == Defect.NEWER_VERSION && slot % 2 == 1;
    engine.send(this, to, isNewer ? newerVersion.compatible(datagram) : datagram);
    if (to == Wire.ALL && defect == Defect.WALL_CLOCK) {
      world.in(FLUSH_MS, () -> receive(datagram));
    }
  }

  private void onEvent(MeshListener.Event event) {
    world.trace("node " + slot + ": " + event);
    switch (event) {
      case MeshListener.Lost loss -> lost.merge(loss.reason(), loss.events(), Long::sum);
      case MeshListener.Missed miss -> missed += miss.events();
      case MeshListener.Diverged _ -> diverged++;
      case MeshListener.Gone _ -> gone++;
      case MeshListener.Ending _ -> showState(mesh.state(nowNs()));
      case MeshListener.Failed failed -> {
        failed.failure().printStackTrace();
        world.violate("node " + slot + " failed: " + failed);
      }
      default -> {}
    }
  }

  int slot() {
    return slot;
  }

  long life() {
    return life;
  }

  Mesh mesh() {
    return mesh;
  }

  /// Webhooks that are not delivered.
  Outbox outbox() {
    return outbox;
  }

  void takenForGone() {
    wasTakenForGone = true;
  }

  /// True if another node has taken this one for gone while it was not.
  boolean wasTakenForGone() {
    return wasTakenForGone;
  }

  /// Another node has confirmed that it keeps pending webhooks of this one.
  void onKept(BusMessage.ShadowsKept answer) {
    deliveries.confirmed(this, answer);
  }

  SimServer server() {
    return server;
  }

  /// True unless nothing fails in this run.
  boolean hasFaults() {
    return hasFaults;
  }

  /// When it first knew the state of all the others, world time; [Long#MAX_VALUE] before.
  long completeMs() {
    return completeMs;
  }

  boolean isDead() {
    return isDead;
  }

  boolean isRunning() {
    return !isDead && !isPaused;
  }

  boolean isLeaving() {
    return isLeaving;
  }

  List<Pause> pauses() {
    return pauses;
  }

  long lost() {
    return lost.values().stream().mapToLong(n -> n).sum();
  }

  long missed() {
    return missed;
  }

  long diverged() {
    return diverged;
  }

  long gone() {
    return gone;
  }

  /// The node's monotonic clock.
  long nowNs() {
    return skewNs + (long) (world.nowNs() * drift);
  }

  private void tickLater() {
    world.in(
        TICK_MS,
        () -> {
          if (!isDead) {
            run(this::tick);
            tickLater();
          }
        });
  }

  private void tick() {
    mesh.tick(nowNs());
    MeshState state = mesh.state(nowNs());
    showState(state);
    checkBounds(state);
    if (completeMs == Long.MAX_VALUE && state.isComplete() && !state.isJoining()) {
      completeMs = world.nowMs();
    }
    server.sweep();
    flushLater();
  }

  private void showState(MeshState state) {
    NodesView before = view;
    view = new ClusterState(state, ENGINE).view(life, isLeaving, nowNs());
    before.known().stream()
        .filter(known -> !view.known().contains(known))
        .forEach(engine::takenForGone);
  }

  /// An event that a new subscriber has just missed is queued without regard to the bytes, so a
  /// link may have them twice until the next message.
  private void checkBounds(MeshState state) {
    if (state.logBytes() > outageBytes) {
      world.violate("recent events of " + slot + " take " + state.logBytes() + " bytes");
    }
    for (MeshState.PeerState peer : state.peers()) {
      if (peer.waitingBytes() > 2 * outageBytes + SNAPSHOT_BYTES) {
        world.violate(peer.waitingBytes() + " bytes wait at " + slot);
      }
    }
    if (!isCatchingUp && queue.size() + server.waiting() > MAX_WAITING) {
      world.violate(queue.size() + " and " + server.waiting() + " messages wait at " + slot);
    }
  }

  private void run(Runnable work) {
    if (isPaused) {
      postponed.add(work);
    } else if (!isDead) {
      work.run();
    }
  }

  /// Runs a moment later, if the node runs then, or else when it proceeds.
  void later(long ns, Runnable work) {
    world.atNs(world.nowNs() + ns, () -> run(work));
  }

  void receive(byte[] datagram) {
    if (!isDead) {
      run(() -> {
        mesh.received(isUnfenced ? restamping.apply(datagram) : datagram, nowNs());
        flushLater();
      });
    }
  }

  @Override
  public void publish(BusMessage message) {
    if (queue.isEmpty()) {
      later(QUEUE_NS, this::takeQueue);
    }
    if (message instanceof BusMessage.Shadows shadows) {
      deliveries.sent(this, shadows);
    }
    queue.add(message);
  }

  private void takeQueue() {
    while (!queue.isEmpty()) {
      mesh.local(queue.remove(), nowNs());
    }
    flushLater();
  }

  @Override
  public void onMessage(Receiver receiver) {
    throw new UnsupportedOperationException("the server is given to the mesh");
  }

  @Override
  public NodesView nodes() {
    return view;
  }

  @Override
  public void close() {}

  private void flushLater() {
    if (!isFlushing) {
      isFlushing = true;
      world.in(FLUSH_MS, () -> run(this::flush));
    }
  }

  private void flush() {
    isFlushing = false;
    mesh.flush(nowNs());
  }

  void pause() {
    if (isRunning()) {
      isPaused = true;
      pausedAtMs = world.nowMs();
    }
  }

  void proceed() {
    if (isPaused && !isDead) {
      isPaused = false;
      pauses.add(new Pause(pausedAtMs, world.nowMs()));
      List<Runnable> work = List.copyOf(postponed);
      postponed.clear();
      isCatchingUp = true;
      work.forEach(Runnable::run);
      isCatchingUp = false;
    }
  }

  /// What it has sent since then arrives late, as if it had slept.
  void wasStalled(long sinceMs) {
    pauses.add(new Pause(sinceMs, world.nowMs() + SimEngine.STALE_MS));
  }

  void drain() {
    isLeaving = true;
    server.handOver();
    mesh.drain();
  }

  /// Hands over pending webhooks, says farewell, and then runs `said`.
  void bye(Runnable said) {
    server.closeWebhooks();
    handOver(said);
  }

  private void handOver(Runnable said) {
    if (isDead) {
      return;
    }
    if (server.handOverWebhooks()) {
      takeQueue();
      mesh.bye(nowNs());
      flushLater();
      said.run();
    } else {
      world.in(HAND_OVER_MS, () -> run(() -> handOver(said)));
    }
  }

  /// Ends as with `kill -9`.
  void kill() {
    isDead = true;
    engine.remove(this);
    server.allClients().forEach(client -> client.untilMs = world.nowMs());
  }
}
