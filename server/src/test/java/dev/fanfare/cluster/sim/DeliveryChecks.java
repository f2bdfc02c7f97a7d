package dev.fanfare.cluster.sim;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What clients must have been sent, and what not, at the end of a run.
final class DeliveryChecks {

  /// How much older than a subscription an event may be: the time that a beat is under way, both
  /// ways.
  private static final long NOISY_BOUNDARY_MS = 400;

  private static final long CALM_BOUNDARY_MS = 10;

  private final Simulation simulation;
  private final World world;

  /// What a node has not delivered to a subscriber.
  private record Missing(long event, SimNode node) {}

  private final Set<Missing> missing = new HashSet<>();

  DeliveryChecks(Simulation simulation) {
    this.simulation = simulation;
    this.world = simulation.world();
  }

  void all() {
    deliveries();
    simulation.clients().forEach(this::order);
    if (!simulation.scenario().losesEvents()) {
      simulation.terminations().forEach(this::isExecuted);
    }
    simulation.clients().stream().filter(SimClient::isTerminated).forEach(this::wasOrdered);
    if (simulation.scenario().losesEvents()) {
      losses();
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
    if (client == event.sender()) {
      if (hasArrived) {
        world.violate("event " + event.event() + " reached its sender " + client);
      }
      return;
    }
    if (client.sinceMs < event.atMs()) {
      if (!event.node().isDead()) {
        if (!hasArrived) {
          missing.add(new Missing(event.event(), client.node));
          world.trace("missing: event " + event.event() + " at " + client);
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
    } else if (hasArrived && client.sinceMs > event.atMs() + boundaryMs(event)) {
      boolean hasSlept =
          hasSleptAfter(client.node, event.atMs()) || hasSleptAfter(event.node(), event.atMs());
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

  /// A subscriber of a cache channel may get an event that was published earlier and was under way
  /// when it came, however long; and one that its node learns of later, if it has just started.
  private long boundaryMs(Simulation.Published event) {
    boolean isKept = event.channel().contains("-cache-") && event.sender() == null;
    return isKept && simulation.scenario() != Scenario.CALM ? Integer.MAX_VALUE : boundaryMs();
  }

  private long boundaryMs() {
    return simulation.scenario().hasFaults() ? NOISY_BOUNDARY_MS : CALM_BOUNDARY_MS;
  }

  private static boolean hasSleptAfter(SimNode node, long atMs) {
    return node.pauses().stream().anyMatch(pause -> pause.toMs() > atMs);
  }

  private void order(SimClient client) {
    Map<SimNode, Long> last = new HashMap<>();
    for (long event : client.events()) {
      SimNode node = simulation.published().get((int) event - 1).node();
      if (event == client.cached() && mayOvertake(client, node)) {
        continue;
      }
      Long before = last.put(node, event);
      if (before != null && before > event) {
        world.violate("order at " + client + ": " + before + " before " + event);
      }
    }
  }

  /// The event that a cache channel keeps reaches a node over others as well, so a subscriber that
  /// was given it may get events that were published before and are under way for seconds.
  private boolean mayOvertake(SimClient client, SimNode publisher) {
    return simulation.scenario() == Scenario.LAGS
        && (hasSleptAfter(client.node, client.sinceMs) || hasSleptAfter(publisher, client.sinceMs));
  }

  /// Older connections of the user are closed, unless the publisher has died, or did not know the
  /// node yet.
  private void isExecuted(Simulation.Termination command) {
    for (SimClient client : simulation.clients()) {
      if (client.isThere()
          && client.isSignedIn()
          && client.user.equals(command.user())
          && client.sinceMs < command.atMs()
          && !command.node().isDead()
          && command.atMs() > command.node().completeMs()
          && command.atMs() > client.node.completeMs()) {
        world.violate(client + " since " + client.sinceMs + " outlives " + command.atMs());
      }
    }
  }

  /// A connection that was closed is not younger than the command.
  private void wasOrdered(SimClient client) {
    boolean wasOrdered =
        simulation.terminations().stream()
            .anyMatch(command ->
                command.user().equals(client.user)
                    && command.atMs() <= client.untilMs
                    && (client.sinceMs <= command.atMs() + boundaryMs()
                        || hasSleptAfter(client.node, command.atMs())
                        || hasSleptAfter(command.node(), command.atMs())));
    if (!wasOrdered || !client.isSignedIn()) {
      world.violate(client + " since " + client.sinceMs + " was closed at " + client.untilMs);
    }
  }

  /// What did not arrive was counted on both sides.
  private void losses() {
    long lost = 0;
    long missed = 0;
    for (SimNode node : simulation.nodes()) {
      lost += node.isDead() ? 0 : node.lost();
      missed += node.isDead() ? 0 : node.missed();
    }
    if (missing.size() > lost || missing.size() > missed) {
      world.violate(
          missing.size()
              + " events are missing; publishers counted "
              + lost
              + ", and subscribers "
              + missed);
    }
  }
}
