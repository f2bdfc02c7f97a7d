package dev.fanfare.cluster.sim;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// What must be true at the end of a run, when everything has been mended for half a minute.
final class Checks {

  private final Simulation simulation;
  private final World world;

  Checks(Simulation simulation) {
    this.simulation = simulation;
    this.world = simulation.world();
  }

  void all() {
    List<SimNode> alive = simulation.nodes().stream().filter(n -> !n.isDead()).toList();
    simulation.channels().forEach(channel -> agreement(alive, channel));
    alive.forEach(this::node);
    users(alive);
    new DeliveryChecks(simulation).all();
    if (simulation.scenario() == Scenario.CALM || simulation.scenario() == Scenario.ROLLING) {
      simulation.moves().forEach(this::noFlap);
    }
  }

  private void agreement(List<SimNode> alive, String channel) {
    Set<String> members = new TreeSet<>();
    int total = 0;
    for (SimNode node : alive) {
      node.server().clients(channel).stream()
          .filter(SimClient::hasMembers)
          .forEach(client -> members.add(client.user));
      total += node.server().clients(channel).size();
    }
    for (SimNode node : alive) {
      SimServer server = node.server();
      if (!server.members(channel).equals(members)) {
        world.violate(
            "members of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + server.members(channel)
                + ", not "
                + members);
      }
      if (server.total(channel) != total) {
        world.violate(
            "count of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + server.total(channel)
                + ", not "
                + total);
      }
      if (!server.kept(channel).equals(alive.getFirst().server().kept(channel))) {
        world.violate(
            "kept event of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + server.kept(channel)
                + ", but "
                + alive.getFirst().server().kept(channel)
                + " at "
                + alive.getFirst().slot());
      }
      for (SimClient client : server.clients(channel)) {
        if (!client.view().equals(members)) {
          world.violate("view of " + client + ": " + client.view() + ", not " + members);
        }
        if (!client.hasMembers() && client.count() != total) {
          world.violate("count at " + client + ": " + client.count() + ", not " + total);
        }
        if (!simulation.scenario().losesEvents() && !client.hasSeenLast(server.kept(channel))) {
          world.violate(client + " has never got the kept event " + server.kept(channel));
        }
      }
    }
  }

  /// Signed-in clients know who is online, and receivers of webhooks who is present.
  private void users(List<SimNode> alive) {
    Set<String> online = new TreeSet<>();
    Set<String> present = new TreeSet<>();
    List<SimClient> clients = new ArrayList<>();
    alive.forEach(node -> clients.addAll(node.server().allClients()));
    for (SimClient client : clients) {
      if (client.isSignedIn()) {
        online.add(client.user);
      }
      present.add(client.channel);
      if (client.hasMembers()) {
        present.add(SimWebhooks.member(client.channel, client.user));
      }
    }
    for (SimClient client : clients) {
      if (client.isSignedIn() && !client.online().equals(online)) {
        world.violate("online at " + client + ": " + client.online() + ", not " + online);
      }
    }
    simulation.webhooks().check(present);
    simulation.webhooks().deliveries().check(simulation);
    simulation.webhooks().check(simulation.published(), !simulation.scenario().takesNodesForGone());
  }

  private void node(SimNode node) {
    if (node.diverged() > 0) {
      world.violate("digests differed at " + node.slot());
    }
    if (simulation.scenario() == Scenario.OUTAGES && node.gone() > 0) {
      world.violate("nodes were gone for " + node.slot() + " although only the engine failed");
    }
    if (!node.mesh().state(node.nowNs()).isComplete()) {
      world.violate("incomplete at " + node.slot() + ": " + node.mesh().state(node.nowNs()));
    }
  }

  /// A client that was handed over and came back in time was never reported as gone.
  private void noFlap(Simulation.Move move) {
    boolean isOnlyOne =
        simulation.clients().stream()
            .noneMatch(client ->
                client.user.equals(move.user())
                    && client.channel.equals(move.channel())
                    && client.untilMs > move.leftMs()
                    && client.untilMs <= move.backMs());
    if (!isOnlyOne) {
      return;
    }
    for (SimClient client : simulation.clients()) {
      for (SimClient.Removal removal : client.removals()) {
        if (client.channel.equals(move.channel())
            && removal.user().equals(move.user())
            && removal.atMs() >= move.leftMs()
            && removal.atMs() <= move.backMs()) {
          world.violate("flap of " + move + " at " + client);
        }
      }
    }
  }
}
