package dev.fanfare.webhook;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Channels and users of which two nodes have reported something different, as after a partition:
/// which report a receiver got last is unknown, so the coordinator reports the truth once more. Any
/// thread.
final class Disputes {

  /// Users and channels that are remembered.
  private static final int MAX_DISPUTED = 100_000;

  /// By channel: the users, and an empty text for the channel, with the time since when.
  private final Map<Claims.Name, Map<String, Long>> disputed = new TreeMap<>();

  /// Channels of which this node has become the coordinator, because another one has stopped to
  /// claim it.
  private final Set<Claims.Name> inherited = new TreeSet<>();

  private int count;

  /// Two nodes have reported something different.
  ///
  /// @param userId empty for the channel
  synchronized void add(Claims.Name name, String userId, long nowNs) {
    if (count < MAX_DISPUTED
        && disputed.computeIfAbsent(name, _ -> new HashMap<>()).putIfAbsent(userId, nowNs)
            == null) {
      count++;
    }
  }

  /// This node has become the coordinator of a channel.
  synchronized void inherit(Claims.Name name) {
    if (inherited.size() < MAX_DISPUTED) {
      inherited.add(name);
    }
  }

  /// The channels of which this node has become the coordinator; each is returned once.
  synchronized List<Claims.Name> takeInherited() {
    if (inherited.isEmpty()) {
      return List.of();
    }
    List<Claims.Name> all = List.copyOf(inherited);
    inherited.clear();
    return all;
  }

  /// Ends disputes about a channel.
  ///
  /// @param untilNs only those that were added before
  /// @return the users, and an empty text for the channel
  synchronized List<String> take(Claims.Name name, long untilNs) {
    List<String> taken = new ArrayList<>();
    Map<String, Long> users = disputed.getOrDefault(name, Map.of());
    for (Map.Entry<String, Long> user : List.copyOf(users.entrySet())) {
      if (user.getValue() - untilNs <= 0) {
        users.remove(user.getKey());
        taken.add(user.getKey());
        count--;
      }
    }
    if (users.isEmpty()) {
      disputed.remove(name);
    }
    return taken;
  }

  /// The channels with disputes.
  synchronized Set<Claims.Name> names() {
    return disputed.isEmpty() ? Set.of() : new TreeSet<>(disputed.keySet());
  }
}
