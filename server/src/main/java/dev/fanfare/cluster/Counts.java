package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Counts of subscriptions and connections that other nodes need not know at once: each channel and
/// app has only its latest, and all are sent together. Confined to one thread.
final class Counts {

  private static final long DELAY_NS = TimeUnit.MILLISECONDS.toNanos(50);

  private final Map<String, Map<String, BusMessage.Interest>> interests = new HashMap<>();
  private final Map<String, BusMessage.Connections> connections = new LinkedHashMap<>();
  private boolean hasAny;
  private long dueNs;

  private void added(long nowNs) {
    if (!hasAny) {
      hasAny = true;
      dueNs = nowNs + DELAY_NS;
    }
  }

  void add(BusMessage.Interest interest, long nowNs) {
    added(nowNs);
    interests
        .computeIfAbsent(interest.appId(), _ -> new LinkedHashMap<>())
        .put(interest.channel(), interest);
  }

  void add(BusMessage.Connections count, long nowNs) {
    added(nowNs);
    connections.put(count.appId(), count);
  }

  /// The channel's count is sent at once.
  void remove(BusMessage.Interest interest) {
    Map<String, BusMessage.Interest> channels = interests.get(interest.appId());
    if (channels != null) {
      channels.remove(interest.channel());
    }
  }

  void remove(BusMessage.Connections count) {
    connections.remove(count.appId());
  }

  boolean isDue(long nowNs) {
    return hasAny && nowNs - dueNs >= 0;
  }

  /// All counts; there are none afterwards.
  List<BusMessage> take() {
    List<BusMessage> taken = new ArrayList<>();
    interests.values().forEach(channels -> taken.addAll(channels.values()));
    taken.addAll(connections.values());
    interests.clear();
    connections.clear();
    hasAny = false;
    return taken;
  }
}
