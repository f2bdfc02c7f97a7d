package dev.fanfare.cluster.sim;

import dev.fanfare.bus.NodesView;
import dev.fanfare.channel.Change;
import java.util.Set;
import java.util.TreeSet;

/// What a receiver of webhooks is sent by all nodes: that channels are occupied and members are
/// present. While nothing fails, it is sent each fact once, by the node that coordinates the
/// channel.
final class SimWebhooks {

  private final World world;
  private final boolean isExact;
  private final Set<String> occupied = new TreeSet<>();
  private final Set<String> members = new TreeSet<>();

  /// @param isExact false if some facts may be sent twice, or not at all
  SimWebhooks(World world, boolean isExact) {
    this.world = world;
    this.isExact = isExact;
  }

  /// @param view of the node that reports the change
  void onChange(NodesView view, Change change) {
    String channel = change.name();
    if (!view.isCoordinator(change.app().id(), channel)) {
      return;
    }
    boolean isNews =
        switch (change) {
          case Change.Occupied _ -> occupied.add(channel);
          case Change.Vacated _ -> occupied.remove(channel);
          case Change.MemberAdded added -> members.add(member(channel, added.member().userId()));
          case Change.MemberRemoved removed ->
              members.remove(member(channel, removed.member().userId()));
          default -> true;
        };
    if (!isNews && isExact) {
      world.violate("a webhook was sent twice, or before its opposite: " + change);
    }
  }

  static String member(String channel, String user) {
    return channel + "/" + user;
  }

  /// @param present channels and members that are there
  void check(Set<String> present) {
    Set<String> reported = new TreeSet<>(occupied);
    reported.addAll(members);
    if (isExact && !reported.equals(present)) {
      world.violate("webhooks have reported " + reported + ", not " + present);
    }
  }
}
