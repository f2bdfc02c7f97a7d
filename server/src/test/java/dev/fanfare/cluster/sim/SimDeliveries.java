package dev.fanfare.cluster.sim;

import dev.fanfare.bus.BusMessage.Shadow;
import dev.fanfare.bus.BusMessage.Shadows;
import dev.fanfare.bus.BusMessage.ShadowsKept;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// What becomes of each webhook event from the moment at which a node has accepted it: which nodes
/// have it in their outbox, which one keeps it for them, and who delivers it.
final class SimDeliveries {

  /// An event in the outbox of a node.
  private static final class Holding {

    /// The node that has confirmed last that it keeps the event; 0 for none.
    private long keeper;

    /// Nodes that may take the event for pending here.
    private final Set<Long> believers = new TreeSet<>();

    /// Another node had accepted it; that this one has, only this one knows.
    private boolean isInherited;

    private boolean isDelivered;
  }

  /// An accepted event.
  private static final class Accepted {
    private final Map<SimNode, Holding> holdings = new LinkedHashMap<>();
    private int times;
  }

  private record Message(long sender, long receiver, long number) {}

  private final World world;
  private final Map<Long, Accepted> events = new TreeMap<>();
  private final Map<Message, Shadows> messages = new HashMap<>();

  /// Texts of events by their node and their id in its outbox.
  private final Map<SimNode, Map<Long, Long>> ids = new HashMap<>();

  private long lastSerial;

  SimDeliveries(World world) {
    this.world = world;
  }

  /// A node is about to accept an event.
  ///
  /// @return its text, which identifies it
  String accepted(SimNode node, String event) {
    lastSerial++;
    world.trace("webhook " + lastSerial + " accepted by " + node.slot() + ": " + event);
    Accepted accepted = new Accepted();
    accepted.holdings.put(node, new Holding());
    events.put(lastSerial, accepted);
    return lastSerial + " " + event;
  }

  /// A node has events in its outbox that another one had accepted.
  void inherited(SimNode node, List<Draft> drafts) {
    drafts.forEach(draft -> {
      world.trace("webhook " + serial(draft) + " inherited by " + node.slot());
      event(serial(draft)).holdings.computeIfAbsent(node, _ -> new Holding()).isInherited = true;
    });
  }

  void delivered(SimNode node, Draft draft) {
    world.trace("webhook " + serial(draft) + " delivered by " + node.slot());
    event(serial(draft)).times++;
    holding(node, serial(draft)).isDelivered = true;
  }

  private static long serial(Draft draft) {
    return serial(draft.event());
  }

  private static long serial(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }

  /// A node sends others what it has accepted, perhaps again.
  void sent(SimNode node, Shadows message) {
    messages.put(new Message(node.life(), message.node(), message.number()), message);
    for (Shadow shadow : message.added()) {
      long serial = serial(shadow.draft().event());
      ids.computeIfAbsent(node, _ -> new HashMap<>()).put(shadow.id(), serial);
      holding(node, serial).believers.add(message.node());
    }
  }

  /// Another node has confirmed it.
  void confirmed(SimNode node, ShadowsKept answer) {
    Shadows message = messages.remove(new Message(node.life(), answer.node(), answer.number()));
    if (message != null) {
      for (Shadow shadow : message.added()) {
        holding(node, serial(shadow.draft().event())).keeper = answer.node();
      }
      Map<Long, Long> serials = ids.getOrDefault(node, Map.of());
      for (long id : message.ended()) {
        long serial = Objects.requireNonNull(serials.get(id));
        holding(node, serial).believers.remove(answer.node());
      }
    }
  }

  private Holding holding(SimNode node, long serial) {
    return Objects.requireNonNull(event(serial).holdings.get(node));
  }

  private Accepted event(long serial) {
    return Objects.requireNonNull(events.get(serial));
  }

  /// Every event is delivered once. Where nodes are killed, lost may be what no living node has
  /// confirmed to keep; delivered twice what a node has delivered whose others did not learn of
  /// that before it was killed, and what a node delivers that was taken for gone and is not.
  void check(Simulation simulation) {
    boolean isExact = !simulation.scenario().takesNodesForGone();
    Set<Long> alive = new LinkedHashSet<>();
    Set<Long> pending = new TreeSet<>();
    for (SimNode node : simulation.nodes()) {
      if (!node.isDead()) {
        alive.add(node.life());
        node.outbox()
            .forEachPending(some -> some.forEach(entry -> pending.add(serial(entry.draft()))));
      }
    }
    if (!pending.isEmpty()) {
      world.violate("webhooks were not delivered in the end: " + pending);
    }
    events.forEach((serial, event) -> {
      boolean isKept =
          event.holdings.values().stream().anyMatch(holding -> alive.contains(holding.keeper));
      if (event.times == 0 && !pending.contains(serial) && (isExact || isKept)) {
        world.violate("webhook " + serial + " was lost, of " + slots(event));
      }
      if (event.times > 1 && (isExact || !mayBeRepeated(event))) {
        world.violate(
            "webhook " + serial + " was delivered " + event.times + " times, by " + slots(event));
      }
    });
  }

  private static boolean mayBeRepeated(Accepted event) {
    return event.holdings.entrySet().stream()
        .anyMatch(entry -> {
          SimNode node = entry.getKey();
          Holding holding = entry.getValue();
          boolean isUnknown =
              node.isDead() && (holding.isInherited || !holding.believers.isEmpty());
          return holding.isDelivered && (isUnknown || node.wasTakenForGone());
        });
  }

  private static List<Integer> slots(Accepted event) {
    return event.holdings.keySet().stream().map(SimNode::slot).toList();
  }
}
