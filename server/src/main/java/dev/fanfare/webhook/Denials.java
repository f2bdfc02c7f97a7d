package dev.fanfare.webhook;

import dev.fanfare.bus.NodesView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/// What this node has reported as absent while a node was gone that may come back: if both were cut
/// off from each other, that node does not know it. Confined to one thread.
final class Denials {

  /// A node that was gone for so long does not come back.
  private static final long RETURN_NS = TimeUnit.MINUTES.toNanos(10);

  /// Users and channels that are remembered.
  private static final int MAX_DENIED = 100_000;

  private final Map<Long, Long> goneSince = new HashMap<>();
  private final Map<Claims.Name, Set<String>> denied = new TreeMap<>();
  private int count;

  /// The nodes have changed.
  ///
  /// @return true if one has come back
  boolean isReturn(NodesView before, NodesView now, long nowNs) {
    List<Long> lost = new ArrayList<>(before.known());
    lost.removeAll(now.known());
    lost.forEach(life -> goneSince.put(life, nowNs));
    return goneSince.keySet().removeAll(now.known());
  }

  /// This node has reported a channel or a user.
  ///
  /// @param userId empty for the channel
  void report(Claims.Name name, String userId, boolean isPresent, long nowNs) {
    goneSince.values().removeIf(sinceNs -> nowNs - sinceNs >= RETURN_NS);
    if (goneSince.isEmpty()) {
      denied.clear();
      count = 0;
    } else if (isPresent) {
      remove(name, userId);
    } else if (count < MAX_DENIED
        && denied.computeIfAbsent(name, _ -> new HashSet<>()).add(userId)) {
      count++;
    }
  }

  private void remove(Claims.Name name, String userId) {
    Set<String> users = denied.get(name);
    if (users != null && users.remove(userId)) {
      count--;
      if (users.isEmpty()) {
        denied.remove(name);
      }
    }
  }

  /// Passes everything on.
  void forEach(BiConsumer<Claims.Name, String> action) {
    denied.forEach((name, users) -> users.forEach(user -> action.accept(name, user)));
  }
}
