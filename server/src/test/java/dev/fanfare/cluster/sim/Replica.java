package dev.fanfare.cluster.sim;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.KeptVersions;
import dev.fanfare.protocol.Member;
import dev.fanfare.protocol.Publication;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/// A model of a node's channels: what it merges of the others, and what its clients are sent.
final class Replica {

  static final String APP = "1";
  private static final long GRACE_NS = World.ms(5_000);

  private final SimNode node;
  private final Map<String, List<SimClient>> clients = new HashMap<>();

  /// Connections of each user here, by channel.
  private final Map<String, Map<String, Integer>> here = new HashMap<>();

  /// The other nodes that have the user, by channel.
  private final Map<String, Map<String, BitSet>> owners = new HashMap<>();

  /// Until when a user counts as present after a hand-over, on the node's clock.
  private final Map<String, Map<String, Long>> graces = new LinkedHashMap<>();

  private final Map<String, Map<Integer, Integer>> counts = new HashMap<>();
  private final Map<String, BusMessage.Kept> kept = new HashMap<>();
  private final Map<String, KeptVersions> versions = new HashMap<>();
  private final Defect defect;
  private long sequence;

  Replica(SimNode node, Defect defect) {
    this.node = node;
    this.defect = defect;
  }

  List<SimClient> clients(String channel) {
    return clients.getOrDefault(channel, List.of());
  }

  List<SimClient> allClients() {
    return clients.values().stream().flatMap(List::stream).toList();
  }

  boolean isPresent(String channel, String user) {
    return here.getOrDefault(channel, Map.of()).containsKey(user)
        || graces.getOrDefault(channel, Map.of()).containsKey(user)
        || owners.getOrDefault(channel, Map.of()).containsKey(user);
  }

  Set<String> members(String channel) {
    Set<String> members = new TreeSet<>(here.getOrDefault(channel, Map.of()).keySet());
    members.addAll(graces.getOrDefault(channel, Map.of()).keySet());
    members.addAll(owners.getOrDefault(channel, Map.of()).keySet());
    return members;
  }

  int total(String channel) {
    return clients(channel).size()
        + counts.getOrDefault(channel, Map.of()).values().stream().mapToInt(n -> n).sum();
  }

  long keptVersion(String channel) {
    return kept.containsKey(channel) ? kept.get(channel).version() : -1;
  }

  void join(SimClient client) {
    String channel = client.channel;
    String user = client.user;
    boolean wasPresent = isPresent(channel, user);
    boolean isFirst =
        here.computeIfAbsent(channel, _ -> new HashMap<>()).merge(user, 1, Integer::sum) == 1;
    graces.getOrDefault(channel, new HashMap<>()).remove(user);
    if (!wasPresent) {
      clients(channel).forEach(other -> other.onAdded(user));
    }
    clients.computeIfAbsent(channel, _ -> new ArrayList<>()).add(client);
    client.sequence = ++sequence;
    client.onSnapshot(members(channel));
    versions(channel).joined(clients(channel).size() == 1);
    if (kept.containsKey(channel)) {
      client.onCached(event(kept.get(channel).publication()));
    }
    reportCount(channel);
    if (isFirst) {
      node.publish(new BusMessage.Joined(APP, channel, new Member(user, "{\"n\":1}")));
    }
  }

  void leave(SimClient client, boolean isHandedOver) {
    String channel = client.channel;
    String user = client.user;
    clients.getOrDefault(channel, new ArrayList<>()).remove(client);
    boolean isLast =
        here.getOrDefault(channel, new HashMap<>())
                .merge(user, -1, (a, b) -> a + b == 0 ? null : a + b)
            == null;
    reportCount(channel);
    if (isLast) {
      if (isHandedOver) {
        grace(channel, user);
      }
      node.publish(new BusMessage.Left(APP, channel, user, isHandedOver));
      reportIfAbsent(channel, user);
    }
  }

  private void reportCount(String channel) {
    List<SimClient> all = clients(channel);
    long sinceNs = all.stream().mapToLong(client -> client.sinceNs).min().orElse(0);
    node.publish(new BusMessage.Interest(APP, channel, all.size(), sinceNs));
  }

  private void grace(String channel, String user) {
    graces.computeIfAbsent(channel, _ -> new LinkedHashMap<>()).put(user, node.nowNs() + GRACE_NS);
  }

  private void reportIfAbsent(String channel, String user) {
    if (!isPresent(channel, user)) {
      clients(channel).forEach(client -> client.onRemoved(user));
    }
  }

  void deliver(Publication publication, long asOfNs) {
    deliver(publication, asOfNs, Long.MAX_VALUE);
  }

  private void deliver(Publication publication, long asOfNs, long before) {
    for (SimClient client : List.copyOf(clients(publication.channel().value()))) {
      if (client.sinceNs - asOfNs <= 0 && client.sequence < before) {
        client.onEvent(event(publication));
      }
    }
  }

  private static long event(Publication publication) {
    return Long.parseLong(publication.data());
  }

  private KeptVersions versions(String channel) {
    return versions.computeIfAbsent(channel, _ -> new KeptVersions((int) node.life()));
  }

  /// The version of this node's next kept event, higher than all that it knows.
  long nextVersion(String channel) {
    return versions(channel).next(TimeUnit.NANOSECONDS.toMillis(node.nowNs()));
  }

  void keep(BusMessage.Kept message) {
    kept.put(message.publication().channel().value(), message);
  }

  /// As `Channels` do it.
  private void keepOfOther(BusMessage.Kept message, long asOfNs) {
    Publication publication = message.publication();
    String channel = publication.channel().value();
    KeptVersions known = versions(channel);
    long version = message.version();
    boolean isHighest = version > known.highest();
    boolean isNew = known.add(version);
    long before = isNew ? ++sequence : known.rememberedAt(version);
    if (isNew && isHighest) {
      keep(message);
    }
    if (clients(channel).stream().anyMatch(client -> client.sinceNs - asOfNs <= 0)) {
      deliver(publication, asOfNs, defect == Defect.CACHED_TWICE ? Long.MAX_VALUE : before);
    } else if (isNew && !clients(channel).isEmpty()) {
      known.remember(version, before);
    }
  }

  void tick() {
    graces.forEach((channel, users) -> {
      List<String> over = new ArrayList<>();
      Iterator<Map.Entry<String, Long>> next = users.entrySet().iterator();
      while (next.hasNext()) {
        Map.Entry<String, Long> user = next.next();
        if (node.nowNs() - user.getValue() >= 0) {
          next.remove();
          over.add(user.getKey());
        }
      }
      over.forEach(user -> reportIfAbsent(channel, user));
    });
  }

  /// A message of another node.
  void onMessage(int slot, BusMessage message, long asOfNs) {
    switch (message) {
      case BusMessage.Event event -> deliver(event.publication(), asOfNs);
      case BusMessage.Kept event -> keepOfOther(event, asOfNs);
      case BusMessage.Interest interest -> {
        Map<Integer, Integer> bySlot =
            counts.computeIfAbsent(interest.channel(), _ -> new HashMap<>());
        if (interest.count() == 0) {
          bySlot.remove(slot);
        } else {
          bySlot.put(slot, interest.count());
        }
      }
      case BusMessage.Joined joined -> {
        String user = joined.member().userId();
        boolean wasPresent = isPresent(joined.channel(), user);
        owners
            .computeIfAbsent(joined.channel(), _ -> new HashMap<>())
            .computeIfAbsent(user, _ -> new BitSet())
            .set(slot);
        graces.getOrDefault(joined.channel(), new HashMap<>()).remove(user);
        if (!wasPresent) {
          clients(joined.channel()).forEach(client -> client.onAdded(user));
        }
      }
      case BusMessage.Left left -> {
        Map<String, BitSet> users = owners.getOrDefault(left.channel(), Map.of());
        BitSet owning = users.getOrDefault(left.userId(), new BitSet());
        if (!owning.get(slot)) {
          node.world().violate("a member left that was not known: " + left);
        }
        owning.clear(slot);
        if (owning.isEmpty()) {
          users.remove(left.userId());
        }
        if (left.isHandedOver()) {
          grace(left.channel(), left.userId());
        } else {
          reportIfAbsent(left.channel(), left.userId());
        }
      }
      case BusMessage.Online _,
          BusMessage.Offline _,
          BusMessage.Connections _,
          BusMessage.TerminateUser _ -> {}
    }
  }
}
