package dev.fanfare.webhook;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.SequencedSet;
import java.util.concurrent.TimeUnit;

/// Events that other nodes have accepted for delivery and not delivered yet, as far as this node
/// would take over. An event is named by the outbox file that has accepted it and its entry in it,
/// so a node that starts again with that file can learn what others have adopted. Confined to one
/// thread.
///
/// @param <T> an event
final class Shadows<T> {

  /// How long it is remembered which events were adopted or delivered.
  static final long MEMORY_NS = TimeUnit.MINUTES.toNanos(10);

  /// Events that are remembered.
  static final int MAX_REMEMBERED = 100_000;

  /// The name of an event in the whole cluster.
  ///
  /// @param file the random identity of an outbox file
  /// @param entry its number there, ascending
  record Id(long file, long entry) {}

  private record Shadow<T>(long life, T event) {}

  private final SequencedMap<Id, Shadow<T>> shadows = new LinkedHashMap<>();
  private final SequencedMap<Id, Long> adopted = new LinkedHashMap<>();

  /// Delivered before their draft has arrived here, which a link that opens again may repeat.
  private final SequencedMap<Id, Long> delivered = new LinkedHashMap<>();

  private final int maxShadows;

  /// @param maxShadows events that may be kept; more are refused
  Shadows(int maxShadows) {
    this.maxShadows = maxShadows;
  }

  /// Keeps an event, unless it is known what has become of it.
  ///
  /// @param life of the node that delivers it
  /// @return false if there are too many
  boolean keep(long life, Id id, T event) {
    if (delivered.containsKey(id) || adopted.containsKey(id) || shadows.containsKey(id)) {
      return true;
    }
    if (shadows.size() >= maxShadows) {
      return false;
    }
    shadows.put(id, new Shadow<>(life, event));
    return true;
  }

  /// An event was delivered, or has become a dead letter.
  void done(Id id, long nowNs) {
    shadows.remove(id);
    remember(delivered, id, nowNs);
  }

  /// A node is gone: its events are this node's from now on, in the order in which it accepted
  /// them.
  List<T> adopt(long life, long nowNs) {
    List<T> events = new ArrayList<>();
    Iterator<Map.Entry<Id, Shadow<T>>> next = shadows.entrySet().iterator();
    while (next.hasNext()) {
      Map.Entry<Id, Shadow<T>> entry = next.next();
      if (entry.getValue().life() == life) {
        next.remove();
        remember(adopted, entry.getKey(), nowNs);
        events.add(entry.getValue().event());
      }
    }
    return events;
  }

  /// The entries of a file that this node has adopted or knows to be delivered: a node that starts
  /// again with that file drops them.
  SequencedSet<Long> settled(long file) {
    SequencedSet<Long> entries = new LinkedHashSet<>();
    for (SequencedMap<Id, Long> each : List.of(delivered, adopted)) {
      each.keySet().stream().filter(id -> id.file() == file).forEach(id -> entries.add(id.entry()));
    }
    return entries;
  }

  private static void remember(SequencedMap<Id, Long> memory, Id id, long nowNs) {
    memory.putIfAbsent(id, nowNs);
    if (memory.size() > MAX_REMEMBERED) {
      var _ = memory.pollFirstEntry();
    }
  }

  /// Forgets what was settled long ago.
  void expire(long nowNs) {
    for (SequencedMap<Id, Long> each : List.of(delivered, adopted)) {
      while (!each.isEmpty() && nowNs - each.firstEntry().getValue() >= MEMORY_NS) {
        var _ = each.pollFirstEntry();
      }
    }
  }

  int size() {
    return shadows.size();
  }
}
