package dev.fanfare.cluster.sim;

import dev.fanfare.protocol.WebhookEvent;
import java.util.Set;
import java.util.TreeSet;

/// What a receiver of webhooks is sent by all nodes: that channels are occupied and members are
/// present. While nothing fails, it is sent each fact once. Unless nodes are cut off from each
/// other, it knows the truth in the end.
final class SimWebhooks {

  private final World world;

  /// Each fact is sent once.
  private final boolean isExact;

  /// In the end the receiver knows the truth.
  private final boolean isTrue;

  private final Set<String> occupied = new TreeSet<>();
  private final Set<String> members = new TreeSet<>();
  private final Set<String> forgotten = new TreeSet<>();

  SimWebhooks(World world, Scenario scenario) {
    this.world = world;
    this.isExact = scenario == Scenario.CALM;
    this.isTrue =
        switch (scenario) {
          case CALM, OUTAGES, ROLLING, KILLS -> true;
          case FAULTS, LONG_OUTAGES, TIGHT -> false;
        };
  }

  /// @param node that has sent it
  void onEvent(int node, WebhookEvent event) {
    world.trace("webhook of " + node + ": " + event);
    boolean isNews =
        switch (event) {
          case WebhookEvent.ChannelOccupied e -> occupied.add(e.channel());
          case WebhookEvent.ChannelVacated e -> occupied.remove(e.channel());
          case WebhookEvent.MemberAdded e -> members.add(member(e.channel(), e.userId()));
          case WebhookEvent.MemberRemoved e -> members.remove(member(e.channel(), e.userId()));
          default -> true;
        };
    if (!isNews && isExact) {
      world.violate("node " + node + " has sent a webhook that was sent before: " + event);
    }
  }

  /// Perhaps no node knows any more what was reported, since the simulated nodes have no files:
  /// departures of what was reported until now may not be reported.
  void forget() {
    world.trace("what webhooks have reported is forgotten");
    forgotten.addAll(occupied);
    forgotten.addAll(members);
  }

  static String member(String channel, String user) {
    return channel + "/" + user;
  }

  /// @param present channels and members that are there
  void check(Set<String> present) {
    Set<String> reported = new TreeSet<>(occupied);
    reported.addAll(members);
    Set<String> wrong = new TreeSet<>(reported);
    wrong.removeAll(present);
    wrong.removeAll(forgotten);
    if (isTrue && (!reported.containsAll(present) || !wrong.isEmpty())) {
      world.violate("webhooks have reported " + reported + ", not " + present);
    }
  }
}
