package dev.fanfare.history;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.Predicate;

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

  /// All that wait, the oldest first, for the next process.
  List<Inherited.Position> left() {
    return order.stream().map(Waiting::left).toList();
  }

  private static Inherited.Position left(Departed.Position position) {
    OfChannel.OfIdentity of = position.reader.of;
    return new Inherited.Position(
        of.channel.key,
        of.channel.lost,
        of.identity,
        of.isShared,
        new Inherited.Place(position.confirmed, position.reader.sockets, position.untilNs));
  }

  /// True if a client may still confirm what it was given.
  boolean isAwaitingAnswers(long nowNs) {
    return order.stream()
        .anyMatch(position ->
            position.isOpen(nowNs)
                && position.given != null
                && position.given.compareTo(position.confirmed) > 0);
  }

  boolean isEmpty() {
    return order.isEmpty();
  }

  Departed.Position oldest() {
    return order.getFirst();
  }

  /// Those that fit, the oldest first.
  List<Departed.Position> find(Predicate<Departed.Position> fits) {
    return order.stream().filter(fits).toList();
  }

  boolean isOverfull() {
    return connections.size() > maxConnections || order.size() > maxPositions;
  }

  /// Keeps only positions that no older one covers for at least as long. One that its client may
  /// still confirm covers nothing, since it may move.
  ///
  /// @param waiting positions of one identity, ascending by their end
  void reduce(List<Departed.Position> waiting, long nowNs) {
    waiting.removeIf(position -> {
      boolean isCovered =
          waiting.stream().anyMatch(other -> other != position && covers(other, position, nowNs));
      return isCovered && remove(position);
    });
    while (waiting.size() > Departed.MAX_WAITING) {
      merge(waiting);
    }
  }

  private static boolean covers(Departed.Position one, Departed.Position other, long nowNs) {
    int older = one.confirmed.compareTo(other.confirmed);
    long laterNs = one.untilNs - other.untilNs;
    boolean isEqual = older == 0 && laterNs == 0;
    return older <= 0 && laterNs >= 0 && !one.isOpen(nowNs) && !isEqual;
  }

  /// Makes one of the two that end first: the older event, the later end.
  private void merge(List<Departed.Position> waiting) {
    Departed.Position first = waiting.removeFirst();
    var _ = remove(first);
    Departed.Position second = waiting.getFirst();
    second.isOpen = false;
    if (first.confirmed.compareTo(second.confirmed) < 0) {
      second.confirmed = first.confirmed;
    }
    second.untilNs += Math.max(0, first.untilNs - second.untilNs);
  }
}
