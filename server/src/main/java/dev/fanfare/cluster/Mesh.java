package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.AppHashes;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.Rejection;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The protocol between the nodes of a cluster, as one node runs it. Confined to one thread; all
/// times are this node's monotonic clock in nanoseconds, passed by the caller and never decreasing.
/// No method blocks or throws for anything that comes from another node.
public final class Mesh {

  /// How often [#tick] should be called.
  public static final long TICK_NS = 50_000_000;

  /// Events are kept for so long for subscribers that they have just missed, at least.
  private static final long MIN_RECENT_NS = TimeUnit.SECONDS.toNanos(3);

  private static final int RECENT_BEATS = 5;

  private final MeshParts parts;
  private final Links links;
  private final Arrivals arrivals;
  private final Beats beats;
  private final Supervision supervision;
  private final Counts counts = new Counts();
  private final BitSet receivers = new BitSet();
  private boolean isOver;

  /// @param life of this process: random, not 0, never used before
  public Mesh(MeshOptions options, long life, MeshPorts ports, long nowNs) {
    this(new MeshParts(options, life, ports, nowNs), nowNs);
  }

  /// A mesh of such parts.
  Mesh(MeshParts parts, long nowNs) {
    this.parts = parts;
    this.links = new Links(parts);
    this.arrivals = new Arrivals(parts, links);
    this.beats = new Beats(parts);
    this.supervision = new Supervision(parts, links, arrivals, nowNs);
  }

  /// A message of this node for the others, in the order of decision. It is queued; [#flush] sends
  /// it.
  ///
  /// @param nowNs when it was decided, or later
  public void local(BusMessage message, long nowNs) {
    switch (message) {
      case BusMessage.Event event -> event(event, nowNs);
      case BusMessage.Kept kept -> kept(kept, nowNs);
      case BusMessage.TerminateUser _ -> putToAll(Item.of(message, nowNs), nowNs);
      case BusMessage.Interest interest -> interest(interest, nowNs);
      case BusMessage.Connections connections -> connections(connections, nowNs);
      case BusMessage.Reported reported -> reported(reported, nowNs);
      case BusMessage.Direct direct -> links.put(direct, nowNs);
      default -> fact(message, nowNs);
    }
  }

  /// That something was reported as absent is sent even if this node had not reported it as
  /// present: another one may have.
  private void reported(BusMessage.Reported reported, long nowNs) {
    Item item = Item.of(reported, nowNs);
    boolean isNews = parts.own.apply(reported, item);
    if (isNews || reported.state() == BusMessage.Reported.State.ABSENT) {
      putToAll(item, nowNs);
    }
  }

  private void event(BusMessage.Event event, long nowNs) {
    Item item = Item.of(event, nowNs);
    String channel = event.publication().channel().value();
    receivers.clear();
    for (PeerNode peer : parts.members.all()) {
      if (peer.out != null && peer.wants(event.appId(), channel)) {
        var _ = links.put(peer, item);
        receivers.set(peer.slot);
        links.bound(peer, nowNs);
      }
    }
    parts.recent.add(item, channel, receivers);
  }

  /// Every node keeps it. Subscribers that this node does not know yet get it from the recent
  /// events, like any event; and because the channel had nothing newer for them, they get the last
  /// one even if they are a little younger.
  private void kept(BusMessage.Kept kept, long nowNs) {
    var _ = parts.kept.put(kept, parts.life, nowNs);
    Item item = Item.of(kept, nowNs);
    Item cached = Item.cached(kept, nowNs);
    String channel = kept.publication().channel().value();
    receivers.clear();
    for (PeerNode peer : parts.members.all()) {
      boolean isWanted = peer.wants(kept.appId(), channel);
      if (links.put(peer, isWanted ? item : cached)) {
        receivers.set(peer.slot, isWanted);
        links.bound(peer, nowNs);
      }
    }
    parts.recent.add(item, channel, receivers);
  }

  /// The first and the last subscription are reported at once.
  private void interest(BusMessage.Interest interest, long nowNs) {
    int known = parts.own.count(interest.appId(), interest.channel());
    if (known == 0 || interest.count() == 0) {
      counts.remove(interest);
      fact(interest, nowNs);
    } else {
      counts.add(interest, nowNs);
    }
  }

  private void connections(BusMessage.Connections connections, long nowNs) {
    if (connections.count() == 0) {
      counts.remove(connections);
      fact(connections, nowNs);
    } else {
      counts.add(connections, nowNs);
    }
  }

  private void fact(BusMessage fact, long nowNs) {
    Item item = Item.of(fact, nowNs);
    if (parts.own.apply(fact, item)) {
      putToAll(item, nowNs);
    }
  }

  private void putToAll(Item item, long nowNs) {
    links.putToAll(item);
    parts.members.all().forEach(peer -> links.bound(peer, nowNs));
  }

  /// Replaces what this node owns, because facts were lost on the way here, and opens all links
  /// again with a snapshot.
  ///
  /// @param facts all that hold: Interest, Joined, Online, Connections
  public void resync(Iterable<BusMessage> facts, long nowNs) {
    var _ = counts.take();
    parts.own.end(_ -> true, nowNs, _ -> {});
    parts.own.endReported(_ -> true, BusMessage.Reported.State.ABSENT, _ -> {});
    for (BusMessage fact : facts) {
      var _ = parts.own.apply(fact, Item.of(fact, nowNs));
    }
    for (PeerNode peer : parts.members.all()) {
      if (peer.out != null) {
        links.open(peer, nowNs);
      }
    }
  }

  /// The apps of this node have changed.
  ///
  /// @param configHash of all of them
  /// @param apps which they are: [AppHashes]
  /// @param added ids of apps that this node did not know: the others send their state again
  public void appsChanged(long configHash, Set<Integer> apps, Collection<String> added) {
    parts.configHash = configHash;
    parts.apps = apps;
    if (!added.isEmpty()) {
      for (PeerNode peer : parts.members.all()) {
        if (peer.isUp && !peer.isForeign) { // else its state will come with a snapshot anyway
          arrivals.ask(peer, added);
        }
      }
    }
  }

  /// Counts events that did not get here.
  public void countLost(MeshListener.Loss reason, long events) {
    parts.meters.lost(reason, events);
  }

  /// A datagram from the engine, also this node's own.
  public void received(byte[] datagram, long nowNs) {
    switch (parts.codec.read(datagram)) {
      case DatagramCodec.Invalid(var rejection) -> {
        parts.meters.rejected(rejection);
        supervision.onRejected(rejection, nowNs);
      }
      case DatagramCodec.Valid(var life, var message) when life == parts.life -> {
        if (message instanceof Datagram.Beat beat) {
          supervision.onEcho(beat.number(), nowNs);
        }
      }
      case DatagramCodec.Valid(var life, var message) -> {
        if (!supervision.isIsolated()) {
          received(life, message, nowNs);
        }
      }
    }
  }

  private void received(long life, Datagram message, long nowNs) {
    Members.Former former = parts.members.former(life);
    if (former != null && former.hasLeft()) {
      farewell(life, message);
      return;
    }
    PeerNode peer = parts.members.find(life);
    if (peer == null) {
      peer = add(life, nowNs);
    }
    if (peer == null || (message instanceof Datagram.Beat beat && beat.number() <= peer.lastBeat)) {
      return;
    }
    supervision.onHeard(peer, nowNs);
    if (message instanceof Datagram.Beat beat) {
      peer.lastBeat = beat.number();
      supervision.identify(peer, beat, nowNs);
    }
    if (peer.isForeign) {
      return;
    }
    if (peer.out == null) {
      links.open(peer, nowNs);
    }
    switch (message) {
      case Datagram.Beat beat -> onBeat(peer, beat, nowNs);
      case Datagram.Ack ack -> links.acknowledged(peer, ack, nowNs);
      case Datagram.Data data -> {
        links.acknowledged(peer, data.ack(), nowNs);
        arrivals.onData(peer, data, nowNs);
      }
    }
  }

  /// A node that has left waits for the acknowledgement of its last items.
  private void farewell(long life, Datagram message) {
    if (message instanceof Datagram.Data data) {
      long next = data.first() + data.items().size();
      Datagram.Ack ack = new Datagram.Ack(data.generation(), next, false, false);
      parts.ports.output().send(life, parts.codec.write(ack));
    }
  }

  private @Nullable PeerNode add(long life, long nowNs) {
    PeerNode peer = parts.members.add(life, nowNs, nowNs - recentNs());
    if (peer == null) {
      parts.meters.rejected(Rejection.NODES);
    }
    return peer;
  }

  private long recentNs() {
    return Math.max(MIN_RECENT_NS, RECENT_BEATS * parts.beatNs());
  }

  private void onBeat(PeerNode peer, Datagram.Beat beat, long nowNs) {
    peer.isDraining = beat.isDraining();
    peer.heardBeat(beat.number(), nowNs);
    parts.shares.heard(peer.life, beat.demands(), parts.hearing.nanos());
    Datagram.@Nullable Seen seen =
        beat.isComplete() ? new Datagram.Seen(parts.life, true, 0, 0, 0, 0) : null;
    for (int i = 0; i < beat.table().size(); i++) {
      Datagram.Seen entry = beat.table().get(i);
      if (entry.life() == parts.life) {
        seen = entry;
        peer.mark(entry, parts.hearing.sentAfterNs(beat.heard().get(i)));
      } else if (!entry.isNone()) {
        named(entry.life(), nowNs);
      }
    }
    if (seen != null) {
      supervision.onSeen(peer, !seen.isNone(), nowNs);
      links.acknowledged(
          peer, new Datagram.Ack(seen.generation(), seen.expected(), seen.isNone(), false), nowNs);
    }
  }

  /// A node that another one knows counts as absent until it is heard: events are kept for it.
  private void named(long life, long nowNs) {
    if (parts.members.find(life) == null && parts.members.former(life) == null) {
      PeerNode peer = add(life, nowNs);
      if (peer != null) {
        links.open(peer, nowNs);
      }
    }
  }

  /// What is due by time: beats, leases, retransmissions, digests. To be called every [#TICK_NS],
  /// later if the process was stopped, and after the messages that wait for [#local]: a beat says
  /// what this node had decided when it was sent.
  public void tick(long nowNs) {
    if (beats.isDue(nowNs)) {
      beats.send(nowNs);
    }
    supervision.tick(nowNs);
    if (counts.isDue(nowNs)) {
      counts.take().forEach(fact -> fact(fact, nowNs));
    }
    expireRecent(nowNs);
    parts.kept.expire(nowNs);
  }

  /// Events are kept since the moment up to which every other node is known to have received what
  /// it wanted; a node that is silent, or whose link stands still, moves no moment. Those that are
  /// too old to be kept, and those for nodes that were forgotten, are counted.
  private void expireRecent(long nowNs) {
    parts.members.expire(nowNs);
    long neededSinceNs = parts.members.confirmedNs(nowNs) - recentNs();
    parts.recent.expire(
        Math.max(neededSinceNs, nowNs - parts.options.outageNs()),
        Math.min(neededSinceNs, parts.members.awaitedSinceNs(nowNs)));
  }

  /// Whether [#local] lacks what this node has decided: then beats do not say how far links go, and
  /// the other nodes keep their recent events for what is still to come.
  public void behind(boolean isBehind) {
    beats.behind(isBehind);
  }

  /// True if [#flush] would send something.
  public boolean hasWaiting() {
    long window = parts.windowBytes();
    for (PeerNode peer : parts.members.all()) {
      if (links.canSend(peer, window)) {
        return true;
      }
    }
    return false;
  }

  /// The longest of what waits for another node, in bytes.
  public long waitingBytes() {
    return links.waitingBytes();
  }

  /// Sends what waits and fits into the windows of the links.
  public void flush(long nowNs) {
    for (PeerNode peer : parts.members.all()) {
      links.flush(peer, nowNs);
    }
  }

  /// From now on the beats say that this node is draining.
  public void drain() {
    beats.drain();
  }

  /// The last message to the other nodes: its entries end at once.
  public void bye(long nowNs) {
    if (!isOver) {
      isOver = true;
      counts.take().forEach(fact -> fact(fact, nowNs));
      links.end();
    }
  }

  /// True if all nodes that are up have received the farewell.
  public boolean isByeAcknowledged() {
    return isOver
        && parts.members.all().stream()
            .allMatch(peer -> !peer.isUp || peer.out == null || peer.out.isEmpty());
  }

  /// For how long this node has not heard itself, 0 if it does: the wire should reconnect after
  /// three seconds, and again every five.
  public long deafNs(long nowNs) {
    return parts.hearing.isDeaf() ? parts.hearing.silenceNs(nowNs) : 0;
  }

  /// More than half of the others have not heard this node for three seconds, although it hears
  /// itself: the wire should reconnect, too.
  public boolean isHeardByNone(long nowNs) {
    return supervision.isHeardByNone(nowNs);
  }

  /// A copy of the state, of a cost that grows with the number of nodes only.
  public MeshState state(long nowNs) {
    List<MeshState.PeerState> peers =
        parts.members.all().stream().map(peer -> supervision.state(peer, nowNs)).toList();
    return MeshStateBuilder.builder()
        .peers(peers)
        .isJoining(supervision.isJoining(nowNs))
        .isSettled(supervision.isSettled(nowNs))
        .deafNs(deafNs(nowNs))
        .isIsolated(supervision.isIsolated())
        .isHeardByNone(isHeardByNone(nowNs))
        .unreadable(supervision.unreadable(nowNs))
        .roundTripNs(parts.hearing.roundTripNs())
        .logBytes(parts.recent.bytes())
        .logNs(parts.recent.ageNs(nowNs))
        .channels(parts.members.all().stream().mapToLong(peer -> peer.entries.channels()).sum())
        .members(parts.members.all().stream().mapToLong(peer -> peer.entries.members()).sum())
        .totals(parts.meters.totals())
        .build();
  }
}
