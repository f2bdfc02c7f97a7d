package dev.fanfare.webhook;

import dev.fanfare.app.App;
import dev.fanfare.app.Apps;
import dev.fanfare.budget.Share;
import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Adopted;
import dev.fanfare.bus.BusMessage.Returned;
import dev.fanfare.bus.BusMessage.Shadow;
import dev.fanfare.bus.BusMessage.ShadowsKept;
import dev.fanfare.bus.BusMessage.WebhookDraft;
import dev.fanfare.bus.NodesView;
import dev.fanfare.observe.Component;
import dev.fanfare.webhook.outbox.Outbox.Draft;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/// Keeps shadows: webhook events that other nodes have accepted and not delivered yet. When such a
/// node is gone, this one adopts them: it delivers them. See [Shadows] for the other side.
///
/// [#receive] never blocks; [#adopt] may.
final class Deputy {

  private static final Logger log = Component.WEBHOOKS.logger();

  /// Adopted events that are remembered, for nodes that come back with their file.
  static final int MAX_ADOPTED = 100_000;

  /// What a shadow needs in memory beside its texts.
  private static final int OVERHEAD_BYTES = 200;

  /// A place in the order of the events of one node.
  private record Place(long life, String appId) {}

  /// @param key which identifies the event for all nodes
  private record Kept(String appId, WebhookDraft draft, long bytes, long key) {}

  private final Apps apps;
  private final Share memory;
  private final long maxBytes;
  private final Function<List<Draft>, List<Integer>> inherit;
  private final Consumer<BusMessage.Direct> bus;

  // Guarded by this.
  private final Map<Long, TreeMap<Long, Kept>> shadows = new HashMap<>();
  private final Map<Place, Long> numbers = new HashMap<>();
  private final Set<Long> seen = new HashSet<>();
  private final Set<Long> adopted = new LinkedHashSet<>();
  private long bytes;
  private long unkept;

  /// @param memory for shadows
  /// @param maxBytes of them
  /// @param inherit accepts events, and returns the indexes of those that it has accepted; may
  ///   block
  /// @param bus sends answers
  Deputy(
      Apps apps,
      Share memory,
      long maxBytes,
      Function<List<Draft>, List<Integer>> inherit,
      Consumer<BusMessage.Direct> bus) {
    this.apps = apps;
    this.memory = memory;
    this.maxBytes = maxBytes;
    this.inherit = inherit;
    this.bus = bus;
  }

  /// Events of another node have begun or ended to be pending.
  synchronized void receive(BusMessage.Shadows message) {
    Place place = new Place(message.node(), message.appId());
    if (message.number() > numbers.getOrDefault(place, 0L)) {
      numbers.put(place, message.number());
      TreeMap<Long, Kept> ofNode = shadows.computeIfAbsent(message.node(), _ -> new TreeMap<>());
      if (apps.known(message.appId()) != null) {
        message.added().forEach(shadow -> keep(ofNode, message.appId(), shadow));
      }
      message.ended().forEach(id -> release(ofNode.remove(id)));
    }
    bus.accept(new ShadowsKept(message.appId(), message.node(), message.number()));
  }

  private void keep(Map<Long, Kept> ofNode, String appId, Shadow shadow) {
    WebhookDraft draft = shadow.draft();
    long size = (long) OVERHEAD_BYTES + Draft.bytes(draft.channel()) + Draft.bytes(draft.event());
    if (bytes + size <= maxBytes && memory.reserve(size)) {
      bytes += size;
      long key = EventKey.of(shadow.id(), appId, draft);
      release(ofNode.put(shadow.id(), new Kept(appId, draft, size, key)));
    } else {
      unkept++;
    }
  }

  private void release(@Nullable Kept ended) {
    if (ended != null) {
      bytes -= ended.bytes();
      memory.release(ended.bytes());
    }
  }

  /// A node was started again with events that this one may have adopted.
  synchronized void receive(Returned message) {
    Set<Long> keys = new HashSet<>(message.keys());
    for (TreeMap<Long, Kept> ofNode : shadows.values()) {
      ofNode
          .values()
          .removeIf(kept -> {
            boolean isBack = keys.contains(kept.key());
            if (isBack) {
              release(kept);
            }
            return isBack;
          });
    }
    List<Integer> indexes = new ArrayList<>();
    for (int i = 0; i < message.keys().size(); i++) {
      if (adopted.contains(message.keys().get(i))) {
        indexes.add(i);
      }
    }
    bus.accept(new Adopted(message.appId(), message.node(), message.number(), indexes));
  }

  /// Adopts the shadows of nodes that are gone. To be called regularly, before this node decides
  /// what it reports of their channels.
  ///
  /// @param view in which a node that is gone is known no more
  void adopt(NodesView view) {
    if (!view.isHearing() || !view.coordinators().contains(view.self())) {
      return; // the others are out of reach, not gone; or others adopt what this node would
    }
    for (Map<Long, Kept> ofNode : takeGone(view)) {
      Map<String, Map<Long, Kept>> byApp = new LinkedHashMap<>();
      ofNode.forEach(
          (id, kept) -> byApp.computeIfAbsent(kept.appId(), _ -> new TreeMap<>()).put(id, kept));
      byApp.forEach(this::adopt);
    }
  }

  private synchronized List<Map<Long, Kept>> takeGone(NodesView view) {
    List<Map<Long, Kept>> gone = new ArrayList<>();
    seen.addAll(shadows.keySet().stream().filter(view.known()::contains).toList());
    for (long life : List.copyOf(seen)) {
      TreeMap<Long, Kept> ofNode = shadows.get(life);
      if (!view.known().contains(life)) {
        seen.remove(life);
        shadows.remove(life);
        numbers.keySet().removeIf(place -> place.life() == life);
        if (ofNode != null && !ofNode.isEmpty()) {
          ofNode.values().forEach(kept -> remember(kept.key()));
          gone.add(ofNode);
        }
      }
    }
    return gone;
  }

  private void remember(long key) {
    adopted.add(key);
    if (adopted.size() > MAX_ADOPTED) {
      adopted.remove(adopted.iterator().next());
    }
  }

  private void adopt(String appId, Map<Long, Kept> events) {
    App app = apps.known(appId);
    List<Integer> taken = app == null ? List.of() : inherit.apply(drafts(app, events));
    forget(events.values(), Set.copyOf(taken));
    log.info(
        "{} undelivered webhook events of a node that is gone were adopted, {} were not",
        taken.size(),
        events.size() - taken.size());
  }

  private static List<Draft> drafts(App app, Map<Long, Kept> events) {
    Map<Long, String> endpoints = EndpointHash.endpoints(app);
    return events.values().stream()
        .map(Kept::draft)
        .map(event -> Heir.draft(app, endpoints, event))
        .toList();
  }

  /// Events that were not accepted are not delivered by this node.
  private synchronized void forget(Collection<Kept> events, Set<Integer> taken) {
    int index = 0;
    for (Kept event : events) {
      release(event);
      if (!taken.contains(index)) {
        adopted.remove(event.key());
      }
      index++;
    }
  }

  /// Events of other nodes so far for which there was no memory.
  synchronized long unkept() {
    return unkept;
  }

  /// Events that are kept for other nodes.
  synchronized int size() {
    return shadows.values().stream().mapToInt(TreeMap::size).sum();
  }
}
