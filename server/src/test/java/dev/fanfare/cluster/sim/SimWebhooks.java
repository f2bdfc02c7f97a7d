package dev.fanfare.cluster.sim;

import dev.fanfare.protocol.WebhookEvent;
import dev.fanfare.webhook.ThreadlessWebhooks;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What all nodes accept to be sent to a receiver of webhooks: that channels are occupied and
/// members are present, and what clients send; for what becomes of it then see [SimDeliveries].
/// While nothing fails, it is sent each fact once. It always knows the truth in the end, except of
/// what no node knew any more when one was killed, since the simulated nodes have no files.
final class SimWebhooks {

  private final World world;

  /// Each fact is sent once.
  private final boolean isExact;

  private final Set<String> occupied = new TreeSet<>();
  private final Set<String> members = new TreeSet<>();

  /// The node that has sent the last report of each channel and member.
  private final Map<String, SimNode> last = new TreeMap<>();

  private final Set<String> unknown = new TreeSet<>();

  private final SimReceiver receiver;
  private final SimDeliveries deliveries;

  /// How often each client event was sent, by its number.
  private final Map<Long, Integer> clientEvents = new TreeMap<>();

  SimWebhooks(World world, Scenario scenario, SimReceiver receiver) {
    this.world = world;
    this.receiver = receiver;
    this.deliveries = new SimDeliveries(world);
    this.isExact = scenario == Scenario.CALM;
  }

  SimDeliveries deliveries() {
    return deliveries;
  }

  /// Where a node sends its events.
  ThreadlessWebhooks.Receiver of(SimNode node) {
    return new ThreadlessWebhooks.Receiver() {

      @Override
      public String accepted(WebhookEvent event) {
        onEvent(node, event);
        return deliveries.accepted(node, event.toString());
      }

      @Override
      public void inherited(List<Draft> drafts) {
        deliveries.inherited(node, drafts);
      }

      @Override
      public int room() {
        return receiver.room();
      }

      @Override
      public void deliver(Draft draft) {
        deliveries.delivered(node, draft);
      }
    };
  }

  /// @param node that has accepted it and will send it
  private void onEvent(SimNode node, WebhookEvent event) {
    world.trace("webhook of " + node.slot() + ": " + event);
    switch (event) {
      case WebhookEvent.ChannelOccupied _, WebhookEvent.ChannelVacated _ ->
          sent(node, event.channel());
      case WebhookEvent.MemberAdded e -> sent(node, member(e.channel(), e.userId()));
      case WebhookEvent.MemberRemoved e -> sent(node, member(e.channel(), e.userId()));
      case WebhookEvent.ClientEvent e ->
          clientEvents.merge(Long.valueOf(e.data()), 1, Integer::sum);
      default -> {}
    }
    boolean isNews =
        switch (event) {
          case WebhookEvent.ChannelOccupied e -> occupied.add(e.channel());
          case WebhookEvent.ChannelVacated e -> occupied.remove(e.channel());
          case WebhookEvent.MemberAdded e -> members.add(member(e.channel(), e.userId()));
          case WebhookEvent.MemberRemoved e -> members.remove(member(e.channel(), e.userId()));
          default -> true;
        };
    if (!isNews && isExact) {
      world.violate("node " + node.slot() + " has sent a webhook that was sent before: " + event);
    }
  }

  private void sent(SimNode node, String what) {
    last.put(what, node);
    unknown.remove(what);
  }

  /// A node was killed. What it was the last to report or has inherited, and no other node knows,
  /// is not known any more.
  ///
  /// @param others all nodes that are alive
  void killed(SimNode node, List<SimNode> others) {
    last.forEach((what, sender) -> {
      boolean isPresent = occupied.contains(what) || members.contains(what);
      boolean isAnywhere = others.stream().anyMatch(other -> other.server().isReported(what));
      boolean isKnown = !others.isEmpty() && isAnywhere == isPresent;
      boolean wasHere = sender == node || (isPresent && node.server().isReported(what));
      if (wasHere && !isKnown) {
        world.trace("no node knows any more that webhooks have reported " + what);
        unknown.add(what);
      }
    });
  }

  static String member(String channel, String user) {
    return channel + "/" + user;
  }

  /// Every client event is sent: once, unless nodes may take each other for gone. What a node had
  /// accepted that was killed may be lost.
  void check(List<Simulation.Published> published, boolean isOnce) {
    for (Simulation.Published event : published) {
      int times = clientEvents.getOrDefault(event.event(), 0);
      boolean isRight = isOnce ? times == 1 : times > 0;
      if (event.sender() != null && !event.node().isDead() && !isRight) {
        world.violate("client event " + event.event() + " was sent by webhooks: " + times);
      }
    }
  }

  /// @param present channels and members that are there
  void check(Set<String> present) {
    Set<String> reported = new TreeSet<>(occupied);
    reported.addAll(members);
    Set<String> wrong = new TreeSet<>(reported);
    wrong.addAll(present);
    wrong.removeIf(what -> reported.contains(what) == present.contains(what));
    wrong.removeAll(unknown);
    if (!wrong.isEmpty()) {
      world.violate("webhooks have reported " + reported + ", not " + present + ": " + wrong);
    }
  }
}
