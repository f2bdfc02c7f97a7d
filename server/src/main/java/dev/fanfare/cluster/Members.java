package dev.fanfare.cluster;

import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// The other nodes that this one has heard or heard of. Confined to one thread.
final class Members {

  /// More than a cluster may have; lives beyond that are ignored.
  static final int MAX_PEERS = 256;

  private static final int MAX_FORMER = 1_024;

  /// Nodes that may come back, for which events are counted.
  static final int MAX_ABSENCES = 256;

  /// So long they may.
  static final long MAX_ABSENCE_NS = TimeUnit.HOURS.toNanos(1);

  /// A node that was forgotten: if it comes back after all, its link goes on where it was.
  record Former(
      boolean hasLeft, long generation, long expected, long lastBeat, long eventsApplied) {}

  /// A node that was forgotten and did not leave: what it misses is counted, because it may come
  /// back.
  ///
  /// @param confirmedNs up to which it is known to have received what it wanted
  /// @param lost events with its link
  private record Absence(int slot, long confirmedNs, long lost, long sinceNs) {}

  private final Map<Long, PeerNode> peers = new LinkedHashMap<>();
  private final Map<Long, Former> former =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Former> eldest) {
          return size() > MAX_FORMER;
        }
      };
  private final BitSet slots = new BitSet();

  /// The oldest first.
  private final SequencedMap<Long, Absence> absences = new LinkedHashMap<>();

  private final IntConsumer freed;

  /// @param freed receives each slot that may become that of another node
  Members(IntConsumer freed) {
    this.freed = freed;
  }

  Collection<PeerNode> all() {
    return peers.values();
  }

  int size() {
    return peers.size();
  }

  @Nullable PeerNode find(long life) {
    return peers.get(life);
  }

  @Nullable Former former(long life) {
    return former.get(life);
  }

  /// Adds a node, or returns null if there are too many.
  ///
  /// @param confirmedNs from when on events are kept for it
  @Nullable PeerNode add(long life, long nowNs, long confirmedNs) {
    if (peers.size() >= MAX_PEERS) {
      return null;
    }
    Absence absence = absences.remove(life);
    PeerNode peer;
    if (absence == null) {
      peer = new PeerNode(life, slots.nextClearBit(0), nowNs, confirmedNs);
      slots.set(peer.slot);
    } else {
      peer = new PeerNode(life, absence.slot, nowNs, Math.min(confirmedNs, absence.confirmedNs));
      peer.lostWithLink = absence.lost;
    }
    Former known = former.remove(life);
    if (known != null) {
      peer.in.restore(known.generation(), known.expected());
      peer.lastBeat = known.lastBeat();
      peer.eventsApplied = known.eventsApplied();
    }
    peers.put(life, peer);
    return peer;
  }

  /// Forgets a node that was silent for too long, and may come back.
  void forget(PeerNode peer, long nowNs) {
    remove(peer, false);
    if (absences.size() == MAX_ABSENCES) {
      free(absences.pollFirstEntry().getValue().slot);
    }
    absences.put(peer.life, new Absence(peer.slot, peer.confirmedNs, peer.lostWithLink, nowNs));
  }

  /// Forgets a node that has said farewell.
  void leave(PeerNode peer) {
    remove(peer, true);
    free(peer.slot);
  }

  /// Forgets a node with which nothing was exchanged.
  void drop(PeerNode peer) {
    remove(peer, false);
    free(peer.slot);
  }

  /// Awaits nodes no longer that were forgotten long ago.
  void expire(long nowNs) {
    while (!absences.isEmpty()
        && nowNs - absences.firstEntry().getValue().sinceNs > MAX_ABSENCE_NS) {
      free(absences.pollFirstEntry().getValue().slot);
    }
  }

  /// Up to when all nodes with a link are known to have received what they wanted; `nowNs` if there
  /// are none.
  long confirmedNs(long nowNs) {
    long confirmedNs = nowNs;
    for (PeerNode peer : peers.values()) {
      if (peer.out != null) {
        confirmedNs = Math.min(confirmedNs, peer.confirmedNs);
      }
    }
    return confirmedNs;
  }

  /// Since when events are missed by nodes that may come back; `nowNs` if there are none.
  long awaitedSinceNs(long nowNs) {
    long sinceNs = nowNs;
    for (Absence absence : absences.values()) {
      sinceNs = Math.min(sinceNs, absence.confirmedNs);
    }
    return sinceNs;
  }

  private void free(int slot) {
    slots.clear(slot);
    freed.accept(slot);
  }

  private void remove(PeerNode peer, boolean hasLeft) {
    peers.remove(peer.life);
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
    for (PeerNode peer : peers.values()) {
      if (peer.isUp && !peer.isForeign) {
        count++;
      }
    }
    return count;
  }
}
