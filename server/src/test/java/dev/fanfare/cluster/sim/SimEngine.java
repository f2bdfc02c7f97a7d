package dev.fanfare.cluster.sim;

import dev.fanfare.bus.Wire;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/// The engine that joins the nodes: loses, doubles, delays and so reorders datagrams, can be down,
/// cut off from single nodes in each direction, and partitioned. What a node sends while its
/// connection stalls arrives long afterwards, in any order, like the last bytes of a connection
/// that was replaced.
final class SimEngine {

  /// How long after a stall its datagrams may arrive.
  static final long STALE_MS = 5_000;

  private final World world;
  private final List<SimNode> nodes = new ArrayList<>();
  private final Set<Integer> cutSending = new HashSet<>();
  private final Set<Integer> cutReceiving = new HashSet<>();
  private final Map<Integer, List<Runnable>> stalled = new HashMap<>();
  private boolean isDown;
  private double loss;
  private double doubling;
  private long maxDelayMs = 3;

  /// For how long what a slot sends or receives is under way, by slot.
  private final Map<Integer, LongSupplier> lags = new HashMap<>();

  /// The side of each slot; empty if there is no partition.
  private int[] sides = {};

  private long datagrams;
  private long bytes;

  SimEngine(World world) {
    this.world = world;
  }

  void noise(double newLoss, double newDoubling, long newMaxDelayMs) {
    loss = newLoss;
    doubling = newDoubling;
    maxDelayMs = newMaxDelayMs;
  }

  void add(SimNode node) {
    nodes.add(node);
  }

  void remove(SimNode node) {
    nodes.remove(node);
  }

  /// Some node knows this one no more.
  void takenForGone(long life) {
    nodes.stream().filter(node -> node.life() == life).forEach(SimNode::takenForGone);
  }

  void down(boolean down) {
    isDown = down;
  }

  void cut(int slot, boolean sending, boolean receiving) {
    if (sending) {
      cutSending.add(slot);
    }
    if (receiving) {
      cutReceiving.add(slot);
    }
  }

  void stall(int slot) {
    stalled.put(slot, new ArrayList<>());
  }

  /// From now on what a slot sends and receives arrives late, and without a silence: by any time up
  /// to [#STALE_MS], in any order; or later and later, in order, like a queue that grows.
  void lag(int slot, boolean isGrowing) {
    long startMs = world.nowMs();
    lags.put(
        slot,
        isGrowing
            ? () -> Math.min(STALE_MS, (world.nowMs() - startMs) / 2)
            : () -> world.random.nextLong(STALE_MS));
  }

  private long lagMs(int slot) {
    LongSupplier lag = lags.get(slot);
    return lag == null ? 0 : lag.getAsLong();
  }

  void mend(int slot) {
    lags.remove(slot);
    List<Runnable> late = stalled.remove(slot);
    if (late != null) {
      late.forEach(delivery -> world.in(1 + world.random.nextLong(STALE_MS), delivery));
    }
    cutSending.remove(slot);
    cutReceiving.remove(slot);
  }

  void partition(int[] newSides) {
    sides = newSides;
  }

  void heal() {
    isDown = false;
    cutSending.clear();
    cutReceiving.clear();
    lags.clear();
    sides = new int[0];
    loss = 0;
    doubling = 0;
  }

  long datagrams() {
    return datagrams;
  }

  long bytes() {
    return bytes;
  }

  void send(SimNode from, long to, byte[] datagram) {
    datagrams++;
    bytes += datagram.length;
    if (isDown || cutSending.contains(from.slot())) {
      return;
    }
    for (SimNode node : nodes) {
      if ((to == Wire.ALL || to == node.life()) && isConnected(from, node)) {
        List<Runnable> late = stalled.get(from.slot());
        if (late != null) {
          late.add(() -> deliver(node, datagram));
          continue;
        }
        int copies =
            world.random.nextDouble() < loss ? 0 : world.random.nextDouble() < doubling ? 2 : 1;
        for (int i = 0; i < copies; i++) {
          long lateMs = lagMs(from.slot()) + lagMs(node.slot());
          world.in(1 + world.random.nextLong(maxDelayMs) + lateMs, () -> deliver(node, datagram));
        }
      }
    }
  }

  private boolean isConnected(SimNode from, SimNode to) {
    return sides.length == 0 || sides[from.slot()] == sides[to.slot()];
  }

  private void deliver(SimNode node, byte[] datagram) {
    if (!isDown && !cutReceiving.contains(node.slot())) {
      node.receive(datagram);
    }
  }
}
