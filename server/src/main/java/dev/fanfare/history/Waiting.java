package dev.fanfare.history;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.SequencedSet;

/// The positions that wait, of all apps, the oldest first. Bounded by connections, because the
/// operator knows how many there are, and by positions, because one connection may leave thousands.
/// Guarded by the lock of [Departed].
final class Waiting {

  private final int maxConnections;
  private final int maxPositions;
  private final SequencedSet<Departed.Position> order = new LinkedHashSet<>();

  /// Positions by connection.
  private final Map<String, Integer> connections = new HashMap<>();

  Waiting(int maxConnections, int maxPositions) {
    this.maxConnections = maxConnections;
    this.maxPositions = maxPositions;
  }

  int positions() {
    return order.size();
  }

  void add(Departed.Position position) {
    order.add(position);
    connections.merge(position.socketId(), 1, Integer::sum);
  }

  /// False if it does not wait any more.
  boolean remove(Departed.Position position) {
    if (!order.remove(position)) {
      return false;
    }
    connections.computeIfPresent(
        position.socketId(), (id, positions) -> positions == 1 ? null : positions - 1);
    return true;
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  Departed.Position oldest() {
    return order.getFirst();
  }

  boolean isOverfull() {
    return connections.size() > maxConnections || order.size() > maxPositions;
  }
}
