package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.Rejection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Judges which nodes are there, and whether this one is heard. Each node judges for itself.
/// Confined to one thread.
final class Supervision {

  private static final long MIN_ABSENT_NS = TimeUnit.SECONDS.toNanos(1);
  private static final int ABSENT_BEATS = 2;
  private static final long IGNORED_NS = TimeUnit.SECONDS.toNanos(3);
  private static final long DIGEST_NS = TimeUnit.SECONDS.toNanos(10);

  /// A new node has heard all others after so long.
  private static final long DISCOVERY_NS = TimeUnit.MILLISECONDS.toNanos(600);

  /// After so long without unreadable datagrams, there are none.
  private static final long UNREADABLE_NS = TimeUnit.SECONDS.toNanos(10);

  /// After so long with the state of the others, they have this node's state and count it in.
  private static final long SETTLING_NS = TimeUnit.SECONDS.toNanos(1);

  private final MeshParts parts;
  private final Links links;
  private final Arrivals arrivals;
  private final long startNs;
  private long firstEchoNs;
  private boolean isDeaf;
  private boolean isIsolated;
  private boolean wasComplete;
  private long lostWhenDeaf;
  private @Nullable Rejection unreadable;
  private long unreadableNs;
  private long completeNs;

  Supervision(MeshParts parts, Links links, Arrivals arrivals, long nowNs) {
    this.parts = parts;
    this.links = links;
    this.arrivals = arrivals;
    this.startNs = nowNs;
  }

  boolean isIsolated() {
    return isIsolated;
  }

  /// An own beat has come back.
  void onEcho(long number, long nowNs) {
    if (!parts.hearing.hasHeard()) {
      firstEchoNs = nowNs;
    }
    long silenceNs = parts.hearing.silenceNs(nowNs);
    parts.hearing.echo(number, nowNs);
    if (!parts.hearing.isDeaf()) {
      if (isDeaf) {
        parts.members.all().forEach(peer -> peer.retry(nowNs));
        parts.report(
            new MeshListener.Hearing(
                silenceNs, waitingEvents(), parts.meters.lostTotal() - lostWhenDeaf));
      }
      isDeaf = false;
      isIsolated = false;
    }
  }

  private long waitingEvents() {
    long events = 0;
    for (PeerNode peer : parts.members.all()) {
      events += peer.out == null ? 0 : peer.out.events();
    }
    return events;
  }

  /// A datagram was dropped.
  void onRejected(Rejection reason, long nowNs) {
    if (reason == Rejection.SECRET || reason == Rejection.SEAL || reason == Rejection.VERSION) {
      if (unreadable(nowNs) == null) {
        parts.report(new MeshListener.Unreadable(reason));
      }
      unreadable = reason;
      unreadableNs = nowNs;
    }
  }

  /// Why datagrams of this cluster's name could not be read lately; null if they could.
  @Nullable Rejection unreadable(long nowNs) {
    return unreadable != null && nowNs - unreadableNs < UNREADABLE_NS ? unreadable : null;
  }

  /// Any datagram is a sign of life.
  void onHeard(PeerNode peer, long nowNs) {
    if (peer.isAbsent || !peer.isUp) {
      if (peer.hasJoined && !peer.isReturning) {
        peer.isReturning = true;
        peer.returnedNs = nowNs;
        peer.awayNs = nowNs - peer.heardNs;
        peer.lateEvents = 0;
        peer.missedEvents = 0;
      }
      peer.isAbsent = false;
      peer.isUp = true;
      peer.retry(nowNs);
    }
    peer.heardNs = nowNs;
    peer.heardAtHearingNs = parts.hearing.nanos();
  }

  /// A beat says what a node is.
  void identify(PeerNode peer, Datagram.Beat beat, long nowNs) {
    Datagram.Identity identity = beat.identity();
    peer.identity =
        new PeerNode.Identity(
            identity.node(), identity.version(), identity.configHash(), identity.highestCodec());
    if (identity.lowestCodec() > Datagram.HIGHEST_CODEC && !peer.isNewer) {
      peer.isNewer = true;
      parts.report(new MeshListener.Newer(peer.name(), identity.version()));
    }
    boolean isForeign =
        !beat.apps().isEmpty()
            && !parts.apps.isEmpty()
            && Collections.disjoint(beat.apps(), parts.apps);
    if (isForeign && !peer.isForeign) {
      peer.isForeign = true;
      var _ = arrivals.gone(peer, nowNs);
      peer.isUp = true;
      peer.out = null;
      parts.report(new MeshListener.Foreign(peer.name()));
    }
    peer.isForeign = isForeign; // if it was, the next datagram opens a link
  }

  /// What a beat says of this node.
  void onSeen(PeerNode peer, boolean holdsUs, long nowNs) {
    if (holdsUs) {
      peer.ignoresUsSinceNs = 0;
    } else if (peer.ignoresUsSinceNs == 0) {
      peer.ignoresUsSinceNs = nowNs;
    }
  }

  void tick(long nowNs) {
    parts.hearing.tick(nowNs, parts.beatNs());
    long silenceNs = parts.hearing.silenceNs(nowNs);
    if (parts.hearing.isDeaf() && !isDeaf) {
      isDeaf = true;
      lostWhenDeaf = parts.meters.lostTotal();
      parts.report(new MeshListener.Deaf(silenceNs));
    }
    if (!isIsolated && silenceNs > parts.options.outageNs()) {
      isolate(nowNs);
    }
    for (PeerNode peer : List.copyOf(parts.members.all())) {
      tick(peer, nowNs);
    }
    completeOnce(nowNs);
  }

  /// Nothing that is known of the others can be true any more.
  private void isolate(long nowNs) {
    isIsolated = true;
    int members = 0;
    int subscriptions = 0;
    List<PeerNode> removedPeers =
        parts.members.all().stream().filter(peer -> peer.isUp && !peer.isForeign).toList();
    removedPeers.forEach(peer -> peer.isUp = false); // so that this node coordinates all that ends
    for (PeerNode peer : removedPeers) {
      Arrivals.Removed removed = arrivals.gone(peer, nowNs);
      members += removed.members();
      subscriptions += removed.subscriptions();
    }
    parts.report(new MeshListener.Isolated(members, subscriptions));
  }

  private void tick(PeerNode peer, long nowNs) {
    long silentNs = parts.hearing.nanos() - peer.heardAtHearingNs;
    if (peer.isForeign) {
      if (silentNs > parts.options.leaseNs()) {
        parts.members.drop(peer);
      }
      return;
    }
    if (peer.isUp && !peer.isAbsent && silentNs > absentNs()) {
      peer.isAbsent = true;
      if (peer.hasJoined) {
        parts.report(new MeshListener.Absent(peer.name()));
      }
    }
    if (peer.isUp && silentNs > parts.options.leaseNs()) {
      Arrivals.Removed removed = arrivals.gone(peer, nowNs);
      parts.meters.gone++;
      parts.report(
          new MeshListener.Gone(peer.name(), silentNs, removed.members(), removed.subscriptions()));
    }
    if (!peer.isUp && nowNs - peer.goneNs > parts.options.outageNs()) {
      arrivals.release(peer, nowNs);
      forget(peer, nowNs);
      return;
    }
    arrivals.proceed(peer, nowNs);
    links.resendIfOverdue(peer, nowNs);
    if (peer.isAckDue && nowNs - peer.ackDueNs >= 0) {
      links.acknowledge(peer);
    }
    if (peer.isUp && nowNs - peer.digestDueNs >= 0) {
      digest(peer, nowNs);
    }
    report(peer);
  }

  private long absentNs() {
    return Math.max(MIN_ABSENT_NS, ABSENT_BEATS * parts.beatNs());
  }

  private void forget(PeerNode peer, long nowNs) {
    OutLink link = peer.out;
    if (link != null) {
      parts.lost(peer, MeshListener.Loss.OUTAGE, link.events());
      peer.lostWithLink += link.missedEvents();
    }
    parts.members.forget(peer, nowNs);
  }

  /// A digest at its place in the order of the items, soon after the snapshot and then regularly.
  private void digest(PeerNode peer, long nowNs) {
    Digest digest = parts.own.digest();
    var _ = links.put(peer, Item.digest(digest.entries(), digest.hash()));
    peer.digestDueNs = nowNs + DIGEST_NS;
  }

  private void report(PeerNode peer) {
    if (peer.lostToLanes > 0) {
      parts.lost(peer, MeshListener.Loss.LANES, peer.lostToLanes);
      peer.lostToLanes = 0;
    }
    reportMissed(peer);
    if (peer.isReturning && peer.isComplete && peer.confirmedNs - peer.returnedNs >= 0) {
      peer.isReturning = false;
      parts.report(
          new MeshListener.Back(peer.name(), peer.awayNs, peer.lateEvents, peer.missedEvents));
    }
  }

  /// Reports to a node how many events its subscribers have missed.
  private void reportMissed(PeerNode peer) {
    long missed = peer.lostWithLink;
    for (long events : peer.missed.values()) {
      missed += events;
    }
    if (missed > 0 && links.put(peer, Item.lost(missed))) {
      peer.missed.forEach((reason, events) -> parts.lost(peer, reason, events));
      peer.missed.clear();
      peer.lostWithLink = 0;
    }
  }

  /// More than half of the nodes that are up have not heard this one for three seconds.
  boolean isHeardByNone(long nowNs) {
    if (parts.hearing.isDeaf()) {
      return false;
    }
    int up = 0;
    int ignoring = 0;
    for (PeerNode peer : parts.members.all()) {
      if (peer.isUp && !peer.isAbsent && !peer.isForeign) {
        up++;
        if (ignores(peer, nowNs)) {
          ignoring++;
        }
      }
    }
    return ignoring * 2 > up;
  }

  private static boolean ignores(PeerNode peer, long nowNs) {
    return peer.ignoresUsSinceNs != 0 && nowNs - peer.ignoresUsSinceNs > IGNORED_NS;
  }

  /// The state of all nodes was never complete, and there is time left to wait for it.
  boolean isJoining(long nowNs) {
    return !wasComplete && (!parts.hearing.hasHeard() || nowNs - startNs < parts.options.joinNs());
  }

  private void completeOnce(long nowNs) {
    if (!wasComplete
        && parts.hearing.hasHeard()
        && nowNs - firstEchoNs > DISCOVERY_NS
        && parts.members.all().stream()
            .noneMatch(peer -> standing(peer, nowNs) == MeshState.Standing.JOINING)) {
      wasComplete = true;
      completeNs = nowNs;
      parts.report(new MeshListener.Complete(parts.members.upCount() - 1, nowNs - startNs));
    }
  }

  /// This node may coordinate.
  boolean isSettled(long nowNs) {
    return nowNs - startNs >= parts.options.joinNs()
        || (wasComplete && nowNs - completeNs >= SETTLING_NS);
  }

  MeshState.PeerState state(PeerNode peer, long nowNs) {
    OutLink link = peer.out;
    PeerNode.Identity identity = peer.identity;
    return MeshStatePeerStateBuilder.builder()
        .life(peer.life)
        .node(identity == null ? "" : identity.node())
        .standing(standing(peer, nowNs))
        .isDraining(peer.isDraining)
        .beats(peer.lastBeat)
        .silentNs(nowNs - peer.heardNs)
        .waitingEvents(link == null ? 0 : link.events())
        .waitingBytes(link == null ? 0 : link.bytes())
        .isConfigEqual(identity == null || identity.configHash() == parts.configHash)
        .isNewer(peer.isNewer)
        .build();
  }

  private MeshState.Standing standing(PeerNode peer, long nowNs) {
    if (peer.isForeign) {
      return MeshState.Standing.FOREIGN;
    }
    if (!peer.isUp) {
      return peer.hasJoined || nowNs - peer.knownSinceNs > parts.options.leaseNs()
          ? MeshState.Standing.GONE
          : MeshState.Standing.JOINING;
    }
    if (peer.isAbsent) {
      return MeshState.Standing.ABSENT;
    }
    return peer.isComplete ? MeshState.Standing.UP : MeshState.Standing.JOINING;
  }
}
