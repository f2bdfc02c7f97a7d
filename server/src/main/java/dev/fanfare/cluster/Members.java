package dev.fanfare.cluster;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The other nodes that this one has heard or heard of. Confined to one thread.
final class Members {

  /// More than a cluster may have; lives beyond that are ignored.
  static final int MAX_PEERS = 256;

  private static final int MAX_FORMER = 1_024;

  /// A node that was forgotten: if it comes back after all, its link goes on where it was.
  record Former(
      boolean hasLeft, long generation, long expected, long lastBeat, long eventsApplied) {}

  private final Map<Long, Peer> peers = new LinkedHashMap<>();
  private final Map<Long, Former> former =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Former> eldest) {
          return size() > MAX_FORMER;
        }
      };
  private final BitSet slots = new BitSet();

  Collection<Peer> all() {
    return peers.values();
  }

  int size() {
    return peers.size();
  }

  @Nullable Peer find(long life) {
    return peers.get(life);
  }

  @Nullable Former former(long life) {
    return former.get(life);
  }

  /// Adds a node, or returns null if there are too many.
  ///
  /// @param confirmedNs from when on events are kept for it
  @Nullable Peer add(long life, long nowNs, long confirmedNs) {
    if (peers.size() >= MAX_PEERS) {
      return null;
    }
    int slot = slots.nextClearBit(0);
    slots.set(slot);
    Peer peer = new Peer(life, slot, nowNs, confirmedNs);
    Former known = former.remove(life);
    if (known != null) {
      peer.in.restore(known.generation(), known.expected());
      peer.lastBeat = known.lastBeat();
      peer.eventsApplied = known.eventsApplied();
    }
    peers.put(life, peer);
    return peer;
  }

  /// Forgets a node; its slot may become that of another.
  void forget(Peer peer, boolean hasLeft) {
    peers.remove(peer.life);
    slots.clear(peer.slot);
    former.put(
        peer.life,
        new Former(
            hasLeft,
            peer.in.reportedGeneration(),
            peer.in.reportedExpected(),
            peer.lastBeat,
            peer.eventsApplied));
  }

  /// The nodes that are up, with this one.
  int upCount() {
    int count = 1;
    for (Peer peer : peers.values()) {
      if (peer.isUp && !peer.isForeign) {
        count++;
      }
    }
    return count;
  }
}
