package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.DataPacket;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.ItemType;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The links to other nodes: opens them with a snapshot, sends what waits, and sends again what was
/// lost. Confined to one thread.
final class Links {

  /// A node that has dropped this one without a trace has said so for this long.
  private static final long IGNORED_NS = TimeUnit.SECONDS.toNanos(1);

  /// Facts alone may take this part of the bytes for an outage, as a divisor; then a snapshot is
  /// shorter.
  private static final int FACTS_PART = 4;

  /// When there are too many bytes, so many are freed, as a divisor.
  private static final int FREED_PART = 16;

  /// What the header and the other fields of a datagram may take.
  private static final int HEADER_BYTES = 512;

  private static final long FIRST_ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(20);

  /// Numbers of events of a link without a past begin above those of all earlier links.
  private static final int EVENT_BITS = 32;

  private final MeshParts parts;

  /// Generations count per process, so that no two links have the same.
  private long generations;

  private boolean isOver;

  Links(MeshParts parts) {
    this.parts = parts;
  }

  /// Begins a new generation: everything that this node owns, then the events and commands that the
  /// old one has not delivered.
  void open(PeerNode peer, long nowNs) {
    OutLink old = peer.out;
    long generation = ++generations;
    long nextEvent = old == null ? generation << EVENT_BITS : old.nextEvent();
    List<Item> snapshot = new ArrayList<>();
    snapshot.add(Item.begin(nextEvent));
    if (!isOver) {
      parts.own.forEach(snapshot::add);
      parts.kept.forEach(this::isToShow, nowNs - Long.MAX_VALUE / 2, snapshot::add);
    } else {
      parts.own.forEachReported(snapshot::add); // the other node continues from there
    }
    snapshot.add(Item.mark(ItemType.END));
    OutLink link =
        new OutLink(
            generation, nextEvent, snapshot, old == null ? FIRST_ROUND_TRIP_NS : old.roundTripNs());
    if (old != null) {
      old.carried().forEach(link::add);
    }
    if (isOver) {
      link.add(Item.mark(ItemType.BYE));
    }
    peer.out = link;
    peer.digestDueNs = 0;
  }

  /// A new node gets each kept event from its publisher, or from the lowest life if that is gone.
  private boolean isToShow(long publisher) {
    if (publisher == parts.life) {
      return true;
    }
    PeerNode peer = parts.members.find(publisher);
    return (peer == null || !peer.isUp)
        && parts.members.all().stream()
            .noneMatch(other ->
                other.isUp && !other.isForeign && Long.compareUnsigned(other.life, parts.life) < 0);
  }

  /// The last item of each link; links that are opened later contain nothing else.
  void end() {
    isOver = true;
    putToAll(Item.mark(ItemType.BYE));
  }

  void putToAll(Item item) {
    for (PeerNode peer : parts.members.all()) {
      put(peer, item);
    }
  }

  /// Queues an item, if the node has a link.
  ///
  /// @return false if it has none, or this node has said farewell
  boolean put(PeerNode peer, Item item) {
    OutLink link = peer.out;
    if (link == null || (isOver && item.type() != ItemType.BYE)) {
      return false;
    }
    boolean isTooLong =
        item.type().isEvent() && item.bytes() + HEADER_BYTES > parts.options.maxDatagramBytes();
    if (isTooLong) {
      parts.lost(peer, MeshListener.Loss.BYTES, 1);
      link.add(Item.lost(1));
    } else {
      link.add(item);
    }
    return true;
  }

  /// Queues a message for one node. It is dropped if that node has no link, or if no datagram can
  /// be so long.
  void put(BusMessage.Direct message, long nowNs) {
    PeerNode peer = parts.members.find(message.node());
    Item item = Item.of(message, nowNs);
    if (peer != null && item.bytes() + HEADER_BYTES <= parts.options.maxDatagramBytes()) {
      var _ = put(peer, item);
      bound(peer, nowNs);
    }
  }

  /// Keeps the link within its bytes: the oldest events go first, and facts that became too many
  /// are replaced by a snapshot.
  void bound(PeerNode peer, long nowNs) {
    OutLink link = peer.out;
    if (link == null) {
      return;
    }
    long max = parts.options.outageBytes();
    if (link.bytes() > max) {
      parts.lost(peer, MeshListener.Loss.BYTES, link.dropEvents(max - max / FREED_PART));
    }
    if (link.lacksKept() || link.waitingFactBytes() > max / FACTS_PART) {
      open(peer, nowNs);
    }
  }

  /// The other node says how far it has applied the link to it.
  void acknowledged(PeerNode peer, Datagram.Ack ack, long nowNs) {
    OutLink link = peer.out;
    if (link == null) {
      return;
    }
    if (ack.generation() == link.generation()) {
      if (!link.acknowledge(ack.expected(), nowNs)) {
        return;
      }
      if (isOver && link.isEmpty()) {
        return;
      }
      if (ack.isNone()) {
        open(peer, nowNs);
      } else if (ack.isGap() && link.unackedForNs(nowNs) > link.roundTripNs()) {
        resendFirst(peer, link, nowNs);
      }
    } else if (ack.isNone()
        && ack.generation() == 0
        && !isOver
        && link.isAcknowledged()
        && peer.ignoresUsSinceNs != 0
        && nowNs - peer.ignoresUsSinceNs > IGNORED_NS) {
      open(peer, nowNs);
    }
  }

  /// The longest of what waits for another node, in bytes.
  long waitingBytes() {
    long bytes = 0;
    for (PeerNode peer : parts.members.all()) {
      bytes = Math.max(bytes, peer.out == null ? 0 : peer.out.waitingBytes());
    }
    return bytes;
  }

  boolean canSend(PeerNode peer, long window) {
    return peer.out != null && peer.out.canSend(window);
  }

  /// Sends what waits for a node and fits into its window.
  void flush(PeerNode peer, long nowNs) {
    OutLink link = peer.out;
    long window = parts.windowBytes();
    while (link != null && link.canSend(window)) {
      DataPacket packet = parts.codec.packet();
      long first = link.firstWaitingNumber();
      boolean isCompressible = link.isInSnapshot() && peer.readsCompression();
      while (link.canSend(window) && packet.add(link.firstWaiting(), nowNs)) {
        if (link.firstWaiting().type().isEvent()) {
          parts.meters.eventsSent++;
        }
        link.sent(nowNs);
      }
      byte[] datagram =
          packet.finish(
              link.generation(), first, peer.ack(), peer.heardBeats(nowNs), isCompressible);
      peer.acknowledged();
      parts.ports.output().send(peer.life, datagram);
    }
  }

  /// Sends again what a node has not acknowledged in time.
  void resendIfOverdue(PeerNode peer, long nowNs) {
    OutLink link = peer.out;
    if (link == null || !peer.isUp || !link.isOverdue(nowNs)) {
      return;
    }
    DataPacket packet = parts.codec.packet();
    long first = link.base();
    for (Item item : link.unacked()) {
      if (!packet.add(item, nowNs)) {
        int count = packet.count();
        resend(peer, link, packet, first, nowNs);
        first += count;
        var _ = packet.add(item, nowNs);
      }
    }
    resend(peer, link, packet, first, nowNs);
    link.resent(nowNs);
  }

  /// The other node misses the first items and has some that follow.
  private void resendFirst(PeerNode peer, OutLink link, long nowNs) {
    DataPacket packet = parts.codec.packet();
    Iterator<Item> next = link.unacked().iterator();
    boolean isFull = false;
    while (!isFull && next.hasNext()) {
      isFull = !packet.add(next.next(), nowNs);
    }
    if (packet.count() > 0) {
      resend(peer, link, packet, link.base(), nowNs);
      link.resent(nowNs);
    }
  }

  private void resend(PeerNode peer, OutLink link, DataPacket packet, long first, long nowNs) {
    parts.meters.retransmissions++;
    byte[] datagram =
        packet.finish(link.generation(), first, peer.ack(), peer.heardBeats(nowNs), false);
    peer.acknowledged();
    parts.ports.output().send(peer.life, datagram);
  }

  /// Acknowledges the link from a node now.
  void acknowledge(PeerNode peer) {
    Datagram.Ack ack = peer.ack();
    peer.acknowledged();
    parts.ports.output().send(peer.life, parts.codec.write(ack));
  }
}
