package dev.fanfare.webhook;

import dev.fanfare.bus.NodesView;
import dev.fanfare.bus.Rendezvous;
import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.protocol.WebhookEvent.ChannelOccupied;
import dev.fanfare.protocol.WebhookEvent.ChannelVacated;
import dev.fanfare.protocol.WebhookEvent.MemberAdded;
import dev.fanfare.protocol.WebhookEvent.MemberRemoved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What the webhooks of all nodes have reported as present, and which node reported it. That node
/// has a claim to the channel: it stays the coordinator although a newcomer ranks higher, so the
/// order of a channel's webhooks survives a node that joins. Confined to one thread.
final class Told {

  /// A channel of an app. Comparable, because strangers choose names: a map finds equal hashes by
  /// their order.
  record Name(String appId, String channel) implements Comparable<Name> {

    private static final Comparator<Name> ORDER =
        Comparator.comparing(Name::channel).thenComparing(Name::appId);

    @Override
    public int compareTo(Name other) {
      return ORDER.compare(this, other);
    }
  }

  /// What was reported about one channel.
  private static final class Claim {
    long life;
    boolean isOccupied;
    final Set<String> members = new TreeSet<>();

    boolean isEmpty() {
      return !isOccupied && members.isEmpty();
    }
  }

  private final Map<Name, Claim> claims = new TreeMap<>();

  /// True if this node reports what concerns the channel as a whole.
  boolean isCoordinator(NodesView view, Name name) {
    Claim claim = claims.get(name);
    if (claim == null || !view.coordinators().contains(claim.life)) {
      return view.isCoordinator(name.appId(), name.channel());
    }
    return claim.life == view.self();
  }

  /// A node has accepted an event for delivery. If two nodes report about one channel, as after a
  /// partition, the claim goes to the one that ranks higher, on all nodes.
  ///
  /// @param life of that node
  void reported(NodesView view, long life, String appId, WebhookEvent event) {
    Name name = new Name(appId, event.channel());
    Claim claim = claims.computeIfAbsent(name, _ -> new Claim());
    if (!isKept(view, name, claim.life, life)) {
      claim.life = life;
    }
    switch (event) {
      case ChannelOccupied _ -> claim.isOccupied = true;
      case ChannelVacated _ -> claim.isOccupied = false;
      case MemberAdded added -> claim.members.add(added.userId());
      case MemberRemoved removed -> claim.members.remove(removed.userId());
      default -> {}
    }
    if (claim.isEmpty()) {
      claims.remove(name);
    }
  }

  private static boolean isKept(NodesView view, Name name, long holder, long other) {
    List<Long> lives = view.coordinators();
    return lives.contains(holder)
        && (!lives.contains(other)
            || Rendezvous.first(name.appId(), name.channel(), List.of(holder, other)) == holder);
  }

  /// The channels whose coordinator is gone or draining and which this node takes over.
  List<Name> orphans(NodesView view) {
    List<Name> orphans = new ArrayList<>();
    claims.forEach((name, claim) -> {
      if (!view.coordinators().contains(claim.life)
          && view.isCoordinator(name.appId(), name.channel())) {
        orphans.add(name);
      }
    });
    return orphans;
  }

  /// What must be reported about a channel, in order, so that receivers know the truth.
  ///
  /// @param isOccupied it has subscribers on any node
  /// @param members the users present on any node
  List<WebhookEvent> corrections(Name name, boolean isOccupied, Set<String> members) {
    Claim claim = claims.getOrDefault(name, new Claim());
    String channel = name.channel();
    List<WebhookEvent> corrections = new ArrayList<>();
    if (isOccupied && !claim.isOccupied) {
      corrections.add(new ChannelOccupied(channel));
    }
    for (String user : claim.members) {
      if (!members.contains(user)) {
        corrections.add(new MemberRemoved(channel, user));
      }
    }
    Set<String> unreported = new LinkedHashSet<>(members);
    unreported.removeAll(claim.members);
    unreported.forEach(user -> corrections.add(new MemberAdded(channel, user)));
    if (!isOccupied && claim.isOccupied) {
      corrections.add(new ChannelVacated(channel));
    }
    return corrections;
  }

  /// How many channels were reported as present.
  int size() {
    return claims.size();
  }
}
