package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.ItemType;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The events that this node published a moment ago, whether another node had a subscriber or not:
/// a node whose subscriber they have just missed gets them from here. Bounded in bytes. Confined to
/// one thread.
final class Recent {

  /// An event, and which nodes have got it, so that no node gets it twice if its subscribers leave
  /// and come back.
  private static final class Logged {
    private final Item item;
    private final String channel;
    private final BitSet given = new BitSet();
    private @Nullable Logged later;

    Logged(Item item, String channel) {
      this.item = item;
      this.channel = channel;
    }
  }

  /// The events of one channel, oldest first.
  private static final class Chain {
    private Logged first;
    private Logged last;

    Chain(Logged logged) {
      this.first = logged;
      this.last = logged;
    }
  }

  /// What an event takes here beside its item.
  private static final int OVERHEAD_BYTES = 120;

  private final ArrayDeque<Logged> all = new ArrayDeque<>();
  private final Evicted evicted = new Evicted();
  private final Map<String, Map<String, Chain>> channels = new HashMap<>();
  private final long maxBytes;
  private long bytes;

  Recent(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  long bytes() {
    return bytes;
  }

  /// The age of the oldest event.
  long ageNs(long nowNs) {
    Logged first = all.peek();
    return first == null ? 0 : nowNs - first.item.atNs();
  }

  /// Adds an event; the oldest ones make room for it.
  ///
  /// @param given the slots of the nodes that get it now
  void add(Item item, String channel, BitSet given) {
    Logged logged = new Logged(item, channel);
    logged.given.or(given);
    Map<String, Chain> ofApp = channels.computeIfAbsent(item.appId(), _ -> new HashMap<>());
    Chain chain = ofApp.get(channel);
    if (chain == null) {
      ofApp.put(channel, new Chain(logged));
    } else {
      chain.last.later = logged;
      chain.last = logged;
    }
    all.add(logged);
    bytes += item.bytes() + OVERHEAD_BYTES;
    while (bytes > maxBytes) {
      evict(removeFirst(), MeshListener.Loss.BYTES);
    }
  }

  private void evict(Logged oldest, MeshListener.Loss reason) {
    Item item = oldest.item;
    evicted.add(item.appId(), oldest.channel, reason, item.atNs(), oldest.given);
  }

  /// Events of a channel since a moment that a node has not got, in order, and the last one that
  /// the channel keeps, whenever it was published. They count as given. None that is older than one
  /// that the node has got: it would arrive after that, and the node's subscribers are younger.
  void give(String app, String channel, long sinceNs, int slot, Consumer<Item> to) {
    Map<String, Chain> ofApp = channels.get(app);
    Chain chain = ofApp == null ? null : ofApp.get(channel);
    Logged from = chain == null ? null : chain.first;
    Logged kept = null;
    for (Logged next = from; next != null; next = next.later) {
      if (next.given.get(slot)) {
        from = next.later;
      }
      kept = next.item.type() == ItemType.KEPT ? next : kept;
    }
    for (Logged next = from; next != null; next = next.later) {
      if (next == kept || next.item.atNs() - sinceNs >= 0) {
        next.given.set(slot);
        to.accept(next.item);
      }
    }
  }

  /// How many events of a channel since a moment a node will not get, because they were not kept
  /// until this node knew of its subscriber. To be called before [#give], which counts newer ones
  /// as given. Each event is counted once.
  void takeEvicted(String app, String channel, long sinceNs, int slot, Evicted.Tally to) {
    Map<String, Chain> ofApp = channels.get(app);
    Chain chain = ofApp == null ? null : ofApp.get(channel);
    for (Logged next = chain == null ? null : chain.first; next != null; next = next.later) {
      if (next.given.get(slot)) {
        return; // its subscribers are younger
      }
    }
    evicted.take(app, channel, sinceNs, slot, to);
  }

  /// Drops what is older.
  ///
  /// @param countedSinceNs a node may have missed events since then, which are counted; at most
  ///   `beforeNs`
  void expire(long beforeNs, long countedSinceNs) {
    while (!all.isEmpty() && all.getFirst().item.atNs() - beforeNs < 0) {
      Logged oldest = removeFirst();
      if (oldest.item.atNs() - countedSinceNs >= 0) {
        evict(oldest, MeshListener.Loss.OUTAGE);
      }
    }
    evicted.expire(countedSinceNs);
  }

  /// The slot will be that of another node.
  void forget(int slot) {
    all.forEach(logged -> logged.given.clear(slot));
    evicted.forget(slot);
  }

  /// The oldest of all is the oldest of its channel.
  private Logged removeFirst() {
    Logged first = all.remove();
    bytes -= first.item.bytes() + OVERHEAD_BYTES;
    Map<String, Chain> ofApp = channels.get(first.item.appId());
    Chain chain = ofApp == null ? null : ofApp.get(first.channel);
    if (ofApp == null || chain == null) {
      throw new IllegalStateException("no chain of " + first.channel);
    }
    if (first.later == null) {
      ofApp.remove(first.channel);
      if (ofApp.isEmpty()) {
        channels.remove(first.item.appId());
      }
    } else {
      chain.first = first.later;
    }
    return first;
  }
}
