package dev.fanfare.webhook;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import dev.fanfare.webhook.outbox.Presence;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the webhooks of all nodes have reported as present, by the node that reported it. A node
/// that has reported something of a channel has a claim to it: it stays the coordinator although a
/// newcomer ranks higher, so the order of a channel's webhooks survives a node that joins. Any
/// thread.
final class Claims {

  /// Stands for the channel among its users, whose ids are not empty.
  private static final String CHANNEL = "";

  /// A channel of an app. Comparable, because strangers choose names: a map finds equal hashes by
  /// their order.
  record Name(String appId, String channel) implements Comparable<Name> {

    private static final Comparator<Name> ORDER =
        Comparator.comparing(Name::channel).thenComparing(Name::appId);

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }

    /// A user in the channel, or the channel if that is empty, reported as present.
    Presence present(String userId) {
      return new Presence(appId, channel, userId, true);
    }
  }

  /// By channel and by the life of the node: the users, and [#CHANNEL]. Without empty sets.
  private final Map<Name, Map<Long, Set<String>>> byName = new TreeMap<>();

  /// What one node has reported as present and another one as absent after that, as far as this one
  /// knows: users, and [#CHANNEL]. Only what [#byName] has, without empty sets.
  private final Map<Name, Set<String>> contradicted = new TreeMap<>();

  /// True if this node reports what concerns the channel as a whole. Of several nodes with a claim,
  /// as after a partition, the one that ranks highest does.
  synchronized boolean isCoordinator(NodesView view, Name name) {
    return coordinator(view, name) == view.self();
  }

  /// The node that reports what concerns the channel as a whole.
  synchronized long coordinator(NodesView view, Name name) {
    List<Long> claimants = new ArrayList<>(byName.getOrDefault(name, Map.of()).keySet());
    claimants.retainAll(view.coordinators());
    List<Long> candidates = claimants.isEmpty() ? view.coordinators() : claimants;
    return candidates.isEmpty()
        ? view.self()
        : Rendezvous.first(name.appId(), name.channel(), candidates);
  }

  /// The node that continues with a channel when this one shuts down; 0 if there is none.
  synchronized long successor(NodesView view, Name name) {
    List<Long> others = new ArrayList<>(view.coordinators());
    others.remove(Long.valueOf(view.self()));
    List<Long> claimants = new ArrayList<>(byName.getOrDefault(name, Map.of()).keySet());
    claimants.retainAll(others);
    return Rendezvous.first(name.appId(), name.channel(), claimants.isEmpty() ? others : claimants);
  }

  /// True if a node has reported the channel, or the user in it, as present.
  ///
  /// @param userId empty for the channel
  synchronized boolean isReported(long life, Name name, String userId) {
    return users(life, name).contains(userId);
  }

  /// True if any node has reported the channel, or the user in it, as present.
  ///
  /// @param userId empty for the channel
  synchronized boolean isReported(Name name, String userId) {
    return byName.getOrDefault(name, Map.of()).values().stream()
        .anyMatch(users -> users.contains(userId));
  }

  private Set<String> users(long life, Name name) {
    return byName.getOrDefault(name, Map.of()).getOrDefault(life, Set.of());
  }

  /// Records what this node has reported.
  ///
  /// @param userId empty for the channel
  /// @return false if that was known
  synchronized boolean report(long life, Name name, String userId, boolean isPresent) {
    if (!isPresent) {
      return remove(life, name, userId);
    }
    boolean isNews = add(life, name, userId);
    if (isNews) {
      var _ = agree(name, userId);
    }
    return isNews;
  }

  /// A node has reported a channel or a user as absent. If another one has reported the opposite,
  /// it is unknown which report a receiver got last.
  ///
  /// @param userId empty for the channel
  synchronized void contradict(long life, Name name, String userId) {
    boolean isPresentToOthers =
        byName.getOrDefault(name, Map.of()).entrySet().stream()
            .anyMatch(claim -> claim.getKey() != life && claim.getValue().contains(userId));
    if (isPresentToOthers) {
      contradicted.computeIfAbsent(name, _ -> new HashSet<>()).add(userId);
    }
  }

  /// Ends contradictions.
  ///
  /// @param users an empty text is the channel
  /// @return those of them that a node had reported as absent after another one as present
  synchronized List<String> takeContradicted(Name name, List<String> users) {
    return users.stream().filter(user -> agree(name, user)).toList();
  }

  private boolean agree(Name name, String userId) {
    Set<String> users = contradicted.get(name);
    if (users == null || !users.remove(userId)) {
      return false;
    }
    if (users.isEmpty()) {
      contradicted.remove(name);
    }
    return true;
  }

  private boolean add(long life, Name name, String userId) {
    return byName
        .computeIfAbsent(name, _ -> new TreeMap<>())
        .computeIfAbsent(life, _ -> new HashSet<>())
        .add(userId);
  }

  private boolean remove(long life, Name name, String userId) {
    Map<Long, Set<String>> byLife = byName.get(name);
    Set<String> users = byLife == null ? null : byLife.get(life);
    if (byLife == null || users == null || !users.remove(userId)) {
      return false;
    }
    if (users.isEmpty()) {
      byLife.remove(life);
    }
    if (byLife.isEmpty()) {
      byName.remove(name);
    }
    if (!isReported(name, userId)) {
      var _ = agree(name, userId);
    }
    return true;
  }

  /// Another node has reported something. It replaces what nodes have left that cannot coordinate
  /// any more.
  ///
  /// @return false if that was known
  synchronized boolean receive(NodesView view, BusMessage.Reported message) {
    Name name = new Name(message.appId(), message.channel());
    boolean isNews =
        message.state() == BusMessage.Reported.State.PRESENT
            ? add(message.life(), name, message.userId())
            : remove(message.life(), name, message.userId());
    if (message.state() != BusMessage.Reported.State.RELEASED) {
      for (long life : List.copyOf(byName.getOrDefault(name, Map.of()).keySet())) {
        if (life != message.life() && life != view.self() && view.hasStopped(life)) {
          var _ = remove(life, name, message.userId());
        }
      }
    }
    if (message.state() == BusMessage.Reported.State.ABSENT) {
      contradict(message.life(), name, message.userId());
    }
    return isNews;
  }

  /// This node coordinates the channel: it continues where nodes have stopped that cannot
  /// coordinate any more.
  ///
  /// @return the users, and an empty text for the channel, that those nodes had reported
  synchronized List<String> takeOver(NodesView view, Name name) {
    List<String> inherited = new ArrayList<>();
    Map<Long, Set<String>> byLife = byName.getOrDefault(name, Map.of());
    for (long life : List.copyOf(byLife.keySet())) {
      if (life != view.self() && view.hasStopped(life)) {
        for (String user : List.copyOf(byLife.getOrDefault(life, Set.of()))) {
          var _ = add(view.self(), name, user);
          inherited.add(user);
          var _ = remove(life, name, user);
        }
      }
    }
    return inherited;
  }

  /// What this node must report about a channel that it coordinates, in order, so that receivers
  /// know the truth.
  ///
  /// @param isOccupied it has subscribers on any node
  /// @param members the users present on any node
  synchronized List<WebhookEvent> corrections(
      long self, Name name, boolean isOccupied, Set<String> members) {
    Set<String> reported = users(self, name);
    String channel = name.channel();
    List<WebhookEvent> corrections = new ArrayList<>();
    if (isOccupied && !reported.contains(CHANNEL)) {
      corrections.add(new ChannelOccupied(channel));
    }
    for (String user : new TreeSet<>(reported)) {
      if (!user.isEmpty() && !members.contains(user)) {
        corrections.add(new MemberRemoved(channel, user));
      }
    }
    Set<String> unreported = new LinkedHashSet<>(members);
    unreported.removeAll(reported);
    unreported.forEach(user -> corrections.add(new MemberAdded(channel, user)));
    if (!isOccupied && reported.contains(CHANNEL)) {
      corrections.add(new ChannelVacated(channel));
    }
    return corrections;
  }

  /// Gives the claim of a node to a channel up.
  ///
  /// @return the users, and an empty text for the channel, that it had reported
  synchronized List<String> release(long life, Name name) {
    List<String> released = List.copyOf(users(life, name));
    released.forEach(user -> remove(life, name, user));
    return released;
  }

  /// What a node has reported of a channel as present: users, and an empty text for the channel.
  synchronized Set<String> reported(long life, Name name) {
    return Set.copyOf(users(life, name));
  }

  /// True if a node has reported anything of a channel as present.
  synchronized boolean hasClaim(long life, Name name) {
    return !users(life, name).isEmpty();
  }

  /// The channels of which anything was reported as present.
  synchronized List<Name> names() {
    return List.copyOf(byName.keySet());
  }
}
