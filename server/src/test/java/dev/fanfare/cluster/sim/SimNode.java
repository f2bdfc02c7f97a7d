package dev.fanfare.cluster.sim;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.ForgetfulMesh;
import dev.fanfare.cluster.Mesh;
import dev.fanfare.cluster.MeshListener;
import dev.fanfare.cluster.MeshOptions;
import dev.fanfare.cluster.MeshPorts;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// One process: a real [Mesh] with a model of channels, a clock that is wrong and drifts, and the
/// ability to be stopped, continued and killed.
final class SimNode {

  /// A pause, in world time.
  record Pause(long fromMs, long toMs) {}

  private static final long TICK_MS = 100;
  private static final long FLUSH_MS = 1;
  private static final double MAX_DRIFT = 1e-4;

  private final World world;
  private final SimEngine engine;
  private final int slot;
  private final long life;
  private final long skewNs;
  private final double drift;
  private final Mesh mesh;
  private final Replica replica;
  private final ArrayDeque<Runnable> postponed = new ArrayDeque<>();
  private final List<Pause> pauses = new ArrayList<>();
  private final Map<MeshListener.Loss, Long> lost = new EnumMap<>(MeshListener.Loss.class);
  private boolean isDead;
  private boolean isPaused;
  private boolean isFlushing;
  private boolean isLeaving;
  private long pausedAtMs;
  private long missed;
  private long diverged;
  private long gone;

  SimNode(World world, SimEngine engine, int slot, MeshOptions options, Defect defect) {
    this.world = world;
    this.engine = engine;
    this.slot = slot;
    this.life = 1 + world.random.nextLong(Long.MAX_VALUE - 1);
    this.skewNs = world.random.nextLong(1L << 50);
    this.drift = 1 + (world.random.nextDouble() - 0.5) * 2 * MAX_DRIFT;
    this.replica = new Replica(this, defect);
    MeshPorts ports =
        new MeshPorts(
            (to, datagram) -> send(to, datagram, defect),
            replica::onMessage,
            _ -> true,
            this::onEvent);
    this.mesh =
        defect == Defect.NO_RECENT_EVENTS
            ? ForgetfulMesh.create(options, life, ports, nowNs())
            : new Mesh(options, life, ports, nowNs());
    engine.add(this);
    tickLater();
  }

  private void send(long to, byte[] datagram, Defect defect) {
    engine.send(this, to, datagram);
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
      case MeshListener.Failed failed -> {
        failed.failure().printStackTrace();
        world.violate("node " + slot + " failed: " + failed);
      }
      default -> {}
    }
  }

  World world() {
    return world;
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

  Replica replica() {
    return replica;
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
    replica.tick();
    flushLater();
  }

  private void run(Runnable work) {
    if (isPaused) {
      postponed.add(work);
    } else if (!isDead) {
      work.run();
    }
  }

  void receive(byte[] datagram) {
    if (!isDead) {
      run(() -> {
        mesh.received(datagram, nowNs());
        flushLater();
      });
    }
  }

  void publish(BusMessage message) {
    mesh.local(message, nowNs());
    flushLater();
  }

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
      work.forEach(Runnable::run);
    }
  }

  void drain() {
    isLeaving = true;
    mesh.drain();
  }

  void bye() {
    mesh.bye(nowNs());
    flushLater();
  }

  /// Ends as with `kill -9`.
  void kill() {
    isDead = true;
    engine.remove(this);
    replica.allClients().forEach(client -> client.untilMs = world.nowMs());
  }
}
