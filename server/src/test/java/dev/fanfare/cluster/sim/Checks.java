package dev.fanfare.cluster.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/// What must be true at the end of a run, when everything has been mended for half a minute.
final class Checks {

  /// How much older than a subscription an event may be: the time that a beat is under way, both
  /// ways.
  private static final long NOISY_BOUNDARY_MS = 400;

  private static final long CALM_BOUNDARY_MS = 10;

  private final Simulation simulation;
  private final World world;
  private long owed;
  private long missing;

  Checks(Simulation simulation) {
    this.simulation = simulation;
    this.world = simulation.world();
  }

  void all() {
    List<SimNode> alive = simulation.nodes().stream().filter(n -> !n.isDead()).toList();
    simulation.channels().forEach(channel -> agreement(alive, channel));
    alive.forEach(this::node);
    deliveries();
    simulation.clients().forEach(this::order);
    if (simulation.scenario() == Scenario.CALM || simulation.scenario() == Scenario.ROLLING) {
      simulation.moves().forEach(this::noFlap);
    }
    if (simulation.scenario() == Scenario.TIGHT) {
      losses(alive);
    }
  }

  private void agreement(List<SimNode> alive, String channel) {
    Set<String> members = new TreeSet<>();
    int total = 0;
    for (SimNode node : alive) {
      node.replica().clients(channel).forEach(client -> members.add(client.user));
      total += node.replica().clients(channel).size();
    }
    for (SimNode node : alive) {
      Replica replica = node.replica();
      if (!replica.members(channel).equals(members)) {
        world.violate(
            "members of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + replica.members(channel)
                + ", not "
                + members);
      }
      if (replica.total(channel) != total) {
        world.violate(
            "count of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + replica.total(channel)
                + ", not "
                + total);
      }
      if (replica.keptVersion(channel) != alive.getFirst().replica().keptVersion(channel)) {
        world.violate(
            "kept event of "
                + channel
                + " at "
                + node.slot()
                + ": "
                + replica.keptVersion(channel)
                + ", but "
                + alive.getFirst().replica().keptVersion(channel)
                + " at "
                + alive.getFirst().slot());
      }
      for (SimClient client : replica.clients(channel)) {
        if (!client.view().equals(members)) {
          world.violate("view of " + client + ": " + client.view() + ", not " + members);
        }
      }
    }
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

  /// Events whose publisher is alive, for clients that were there before and still are.
  private void deliveries() {
    Map<String, List<SimClient>> there = new HashMap<>();
    for (SimClient client : simulation.clients()) {
      if (client.isThere()) {
        there.computeIfAbsent(client.channel, _ -> new ArrayList<>()).add(client);
      }
    }
    for (Simulation.Published event : simulation.published()) {
      for (SimClient client : there.getOrDefault(event.channel(), List.of())) {
        delivery(event, client);
      }
    }
  }

  private void delivery(Simulation.Published event, SimClient client) {
    boolean hasArrived = client.hasSeen(event.event());
    if (client.sinceMs < event.atMs()) {
      if (!event.node().isDead()) {
        owed++;
        if (!hasArrived) {
          missing++;
          if (!simulation.scenario().losesEvents()) {
            world.violate(
                "event "
                    + event.event()
                    + " of node "
                    + event.node().slot()
                    + " at "
                    + event.atMs()
                    + " never reached "
                    + client
                    + " since "
                    + client.sinceMs);
          }
        }
      }
    } else if (hasArrived && client.sinceMs > event.atMs() + boundaryMs()) {
      boolean hasSlept = hasSleptAfter(client.node, event) || hasSleptAfter(event.node(), event);
      if (!hasSlept) {
        world.violate(
            "event "
                + event.event()
                + " of "
                + event.atMs()
                + " reached "
                + client
                + " since "
                + client.sinceMs);
      }
    }
  }

  private long boundaryMs() {
    return simulation.scenario().hasFaults() ? NOISY_BOUNDARY_MS : CALM_BOUNDARY_MS;
  }

  private static boolean hasSleptAfter(SimNode node, Simulation.Published event) {
    return node.pauses().stream().anyMatch(pause -> pause.toMs() > event.atMs());
  }

  private void order(SimClient client) {
    Map<SimNode, Long> last = new HashMap<>();
    for (long event : client.events()) {
      SimNode node = simulation.published().get((int) event - 1).node();
      Long before = last.put(node, event);
      if (before != null && before > event) {
        world.violate("order at " + client + ": " + before + " before " + event);
      }
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

  /// What was dropped was counted by its sender.
  private void losses(List<SimNode> alive) {
    long lost = alive.stream().mapToLong(SimNode::lost).sum();
    if (missing > 0 && lost == 0) {
      world.violate(missing + " events are missing, and none was counted as lost");
    }
  }

  long owed() {
    return owed;
  }

  long missing() {
    return missing;
  }
}
