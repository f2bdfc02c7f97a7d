package dev.fanfare.testing;

import dev.fanfare.bus.Bus;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.observe.Component;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.slf4j.Logger;

/// A bus that joins nodes of one JVM. Each node receives on a thread of the bus, in the order of
/// publishing; nothing is lost while both are open.
public final class MemoryBus implements Bus {

  private static final Logger log = Component.CHANNELS.logger();

  private final ExecutorService deliveries =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("fanfare-test-bus").factory());
  private final List<MemoryBus> members;
  private volatile Receiver receiver = (_, _, _) -> {};
  private volatile boolean isClosed;

  private MemoryBus(List<MemoryBus> members) {
    this.members = members;
  }

  /// The connections of that many nodes to one bus.
  public static List<MemoryBus> join(int nodes) {
    List<MemoryBus> members = new ArrayList<>();
    Stream.generate(() -> new MemoryBus(members)).limit(nodes).forEach(members::add);
    return List.copyOf(members);
  }

  @Override
  public void publish(BusMessage message) {
    if (isClosed) {
      return;
    }
    long nowNs = System.nanoTime();
    for (MemoryBus member : members) {
      if (message instanceof BusMessage.Direct direct) {
        if (member != this && direct.node() == member.life()) {
          member.enqueue(members.indexOf(this), direct.with(life()), nowNs);
        }
      } else if (member != this) {
        member.enqueue(members.indexOf(this), message, nowNs);
      }
    }
  }

  private void enqueue(int from, BusMessage message, long sentNs) {
    try {
      deliveries.execute(() -> receive(from, message, sentNs));
    } catch (RejectedExecutionException _) {
      // That node has left.
    }
  }

  private void receive(int from, BusMessage message, long sentNs) {
    try {
      receiver.onMessage(from, message, sentNs);
    } catch (RuntimeException | Error e) {
      log.error("a message from another node could not be applied", e);
    }
  }

  @Override
  public NodesView nodes() {
    if (members.size() == 1) {
      return NodesView.ALONE;
    }
    List<Long> open =
        members.stream().filter(member -> !member.isClosed).map(MemoryBus::life).toList();
    return new NodesView(life(), open, members.size() - open.size(), System.nanoTime());
  }

  private long life() {
    return members.indexOf(this) + 1L;
  }

  /// Waits until this node has applied everything that was published before.
  void settle() {
    CompletableFuture.runAsync(() -> {}, deliveries).join();
  }

  @Override
  public void onMessage(Receiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public void close() {
    isClosed = true;
    deliveries.shutdown();
  }
}
