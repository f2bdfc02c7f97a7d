package dev.fanfare.testing;

import dev.fanfare.bus.Wire;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// An engine that joins the nodes of one JVM: datagrams are delivered by one thread, at most once,
/// and in the order of each sender. A test can stop it, and cut off single nodes.
public final class MemoryEngine implements AutoCloseable {

  private final ExecutorService deliveries =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("fanfare-test-engine").factory());

  // Used by the thread of the deliveries only.
  private final List<MemoryWire> wires = new ArrayList<>();
  private final Set<MemoryWire> cut = new HashSet<>();
  private boolean isStopped;

  private static final class MemoryWire implements Wire {

    private final MemoryEngine engine;
    private long life;
    private @Nullable Receiver receiver;

    MemoryWire(MemoryEngine engine) {
      this.engine = engine;
    }

    @Override
    public void open(long ownLife, Receiver ownReceiver) {
      engine.run(() -> {
        life = ownLife;
        receiver = ownReceiver;
        engine.wires.add(this);
        if (engine.reaches(this)) {
          ownReceiver.onConnected();
        } else {
          ownReceiver.onDisconnected("stopped");
        }
      });
    }

    @Override
    public CompletionStage<Void> send(long to, byte[] datagram) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      boolean isAccepted =
          engine.run(() -> {
            engine.deliver(this, to, datagram);
            done.complete(null);
          });
      if (!isAccepted) {
        done.complete(null);
      }
      return done;
    }

    @Override
    public void reconnect(String why) {
      // The engine is reached as soon as it runs.
    }

    @Override
    public int maxDatagramBytes() {
      return 16 << 20;
    }

    @Override
    public String address() {
      return "memory://test";
    }

    @Override
    public void close() {
      engine.run(() -> engine.wires.remove(this));
    }

    private void notify(Consumer<Receiver> change) {
      Receiver to = receiver;
      if (to != null) {
        change.accept(to);
      }
    }
  }

  /// A node's connection to this engine.
  public Wire connect() {
    return new MemoryWire(this);
  }

  /// From now on nothing is delivered.
  public void stop() {
    run(() -> {
      isStopped = true;
      wires.forEach(wire -> wire.notify(to -> to.onDisconnected("stopped")));
    });
  }

  /// Delivers again; what was sent meanwhile is lost.
  public void start() {
    run(() -> {
      isStopped = false;
      wires.forEach(wire -> wire.notify(Wire.Receiver::onConnected));
    });
  }

  /// From now on a node neither sends nor receives, and does not notice.
  public void cut(Wire wire) {
    run(() -> cut.add((MemoryWire) wire));
  }

  /// Ends [#cut].
  public void mend(Wire wire) {
    run(() -> cut.remove((MemoryWire) wire));
  }

  private boolean reaches(MemoryWire wire) {
    return !isStopped && !cut.contains(wire);
  }

  private void deliver(MemoryWire from, long to, byte[] datagram) {
    for (MemoryWire wire : List.copyOf(wires)) {
      if (reaches(from) && reaches(wire) && (to == Wire.ALL || to == wire.life)) {
        wire.notify(receiver -> receiver.onDatagram(datagram));
      }
    }
  }

  private boolean run(Runnable task) {
    try {
      deliveries.execute(task);
      return true;
    } catch (RejectedExecutionException _) {
      return false; // closed
    }
  }

  @Override
  public void close() {
    deliveries.shutdown();
  }
}
