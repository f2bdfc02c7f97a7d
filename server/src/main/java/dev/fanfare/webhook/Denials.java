package dev.fanfare.webhook;

import dev.fanfare.bus.NodesView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// What this node has reported as absent lately: if another node was cut off meanwhile, that node
/// does not know it. Confined to one thread.
final class Denials {

  /// A node that was gone for so long does not come back.
  private static final long RETURN_NS = TimeUnit.MINUTES.toNanos(10);

  /// Users and channels that are remembered.
  private static final int MAX_DENIED = 100_000;

  /// A user, or a channel if that is empty. Comparable, because strangers choose names: a map finds
  /// equal hashes by their order.
  private record Key(Claims.Name name, String userId) implements Comparable<Key> {

    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::name).thenComparing(Key::userId);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  private final Map<Long, Long> goneSince = new HashMap<>();
  private List<Long> known = List.of();

  /// With the time of the report, oldest first.
  private final SequencedMap<Key, Long> denied = new LinkedHashMap<>();

  /// The nodes that are known now, also while this node is not settled: it may lose and find
  /// another one before it ever is.
  ///
  /// @return true if one has come back
  boolean isReturn(NodesView now, long nowNs) {
    if (now.known().equals(known)) {
      return false;
    }
    goneSince.values().removeIf(sinceNs -> nowNs - sinceNs >= RETURN_NS);
    List<Long> lost = new ArrayList<>(known);
    lost.removeAll(now.known());
    lost.forEach(life -> goneSince.put(life, nowNs));
    known = now.known();
    return goneSince.keySet().removeAll(known);
  }

  /// This node has reported a channel or a user.
  ///
  /// @param userId empty for the channel
  void report(Claims.Name name, String userId, boolean isPresent, long nowNs) {
    expire(nowNs);
    Key key = new Key(name, userId);
    if (isPresent) {
      denied.remove(key);
    } else {
      denied.putLast(key, nowNs);
      if (denied.size() > MAX_DENIED) {
        denied.pollFirstEntry();
      }
    }
  }

  private void expire(long nowNs) {
    Map.Entry<Key, Long> oldest = denied.firstEntry();
    while (oldest != null && nowNs - oldest.getValue() >= RETURN_NS) {
      denied.pollFirstEntry();
      oldest = denied.firstEntry();
    }
  }

  /// Passes everything on.
  void forEach(BiConsumer<Claims.Name, String> action) {
    denied.keySet().forEach(key -> action.accept(key.name(), key.userId()));
  }
}
