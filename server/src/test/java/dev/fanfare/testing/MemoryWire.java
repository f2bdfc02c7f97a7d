package dev.fanfare.testing;

import dev.fanfare.bus.Wire;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/// A wire to an engine in this JVM. Each wire has a thread that delivers.
public final class MemoryWire implements Wire {

  /// Joins the wires that are made of it. A test can stop it, and cut off single wires.
  public static final class Engine {

    private final Map<MemoryWire, Receiver> receivers = new ConcurrentHashMap<>();
    private final Set<Wire> cut = ConcurrentHashMap.newKeySet();
    private volatile boolean isDown;

    /// A wire of a cluster with this name.
    public Wire wire(String cluster) {
      return new MemoryWire(this, cluster);
    }

    /// Ends all connections; what is sent is lost.
    public void stop() {
      isDown = true;
      receivers.forEach((wire, to) -> wire.deliver(() -> to.onDisconnected("stopped")));
    }

    /// Makes all connections again.
    public void start() {
      isDown = false;
      receivers.forEach((wire, to) -> wire.deliver(to::onConnected));
    }

    /// From now on the wire neither sends nor receives, and does not notice.
    public void cut(Wire wire) {
      cut.add(wire);
    }

    /// Ends [#cut].
    public void mend(Wire wire) {
      cut.remove(wire);
    }
  }

  private static final int MAX_DATAGRAM_BYTES = 1 << 20;

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().daemon().name("memory-wire").factory());
  private final Engine engine;
  private final String cluster;
  private long life;

  private MemoryWire(Engine engine, String cluster) {
    this.engine = engine;
    this.cluster = cluster;
  }

  private void deliver(Runnable work) {
    try {
      thread.execute(work);
    } catch (RejectedExecutionException e) {
      // closed
    }
  }

  @Override
  public void open(long ownLife, Receiver receiver) {
    life = ownLife;
    engine.receivers.put(this, receiver);
    if (engine.isDown) {
      deliver(() -> receiver.onDisconnected("stopped"));
    } else {
      deliver(receiver::onConnected);
    }
  }

  @Override
  public boolean send(long to, byte[] datagram) {
    boolean canSend =
        !engine.isDown
            && !engine.cut.contains(this)
            && engine.receivers.containsKey(this)
            && datagram.length <= MAX_DATAGRAM_BYTES;
    if (canSend) {
      engine.receivers.forEach((wire, receiver) -> {
        if (wire.cluster.equals(cluster)
            && !engine.cut.contains(wire)
            && (to == ALL || to == wire.life)) {
          wire.deliver(() -> receiver.onDatagram(datagram));
        }
      });
    }
    return canSend;
  }

  @Override
  public void reconnect(String why) {
    @Nullable Receiver receiver = engine.receivers.get(this);
    if (receiver != null && !engine.isDown) {
      deliver(() -> receiver.onDisconnected(why));
      deliver(receiver::onConnected);
    }
  }

  @Override
  public int maxDatagramBytes() {
    return MAX_DATAGRAM_BYTES;
  }

  @Override
  public String address() {
    return "memory://test";
  }

  @Override
  public void close() {
    engine.receivers.remove(this);
    thread.shutdown();
  }
}
