package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.bus.BusMessage.Reported.State;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.cluster.datagram.ItemType;
import dev.fanfare.cluster.datagram.ReceivedItem;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Applies the items of other nodes, each once and in order. Confined to one thread.
final class Arrivals {

  private static final long LATE_NS = TimeUnit.SECONDS.toNanos(2);
  private static final long LANES_PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
  private static final long GAP_REPORT_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long ACK_DELAY_NS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long ACK_DELAY_PER_NODE_NS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long NS_PER_MS = 1_000_000;

  /// Two clocks drift apart by less than this part of a duration, as a divisor.
  private static final int DRIFT_PART = 1_000;

  /// For what clocks and threads lose beside the drift.
  private static final long SLACK_NS = TimeUnit.MILLISECONDS.toNanos(2);

  /// Older than every subscription.
  private static final long CENTURIES_NS = 1L << 60;

  /// Kept events that a node published so shortly before it died may not have reached all others.
  private static final long UNSURE_NS = TimeUnit.SECONDS.toNanos(5);

  private final MeshParts parts;
  private final Links links;

  Arrivals(MeshParts parts, Links links) {
    this.parts = parts;
    this.links = links;
  }

  void onData(PeerNode peer, Datagram.Data data, long nowNs) {
    InLink in = peer.in;
    if (in.isNewer(data.generation())) {
      if (data.first() != 0) {
        reportGap(peer, nowNs);
        return;
      }
      in.open(data.generation());
      peer.isSnapshot = false;
      peer.blockedSinceNs = 0;
    }
    if (data.generation() != in.generation() || peer.isNewer) {
      return;
    }
    int bytes = data.items().isEmpty() ? 0 : data.bytes() / data.items().size();
    long heardNs = lastHeard(data);
    long number = data.first();
    for (ReceivedItem item : data.items()) {
      if (number >= in.expected() && in.generation() == data.generation()) {
        receive(peer, number, pending(item, heardNs, bytes, nowNs), nowNs);
      }
      number++;
    }
    proceed(peer, nowNs);
    peer.isAckDue = true;
    if (peer.ackDueNs == 0) {
      long delay = Math.max(ACK_DELAY_NS, parts.members.upCount() * ACK_DELAY_PER_NODE_NS);
      peer.ackDueNs = nowNs + delay;
    }
    peer.hasGap = in.buffered() > 0 && in.peek() == null;
    if (peer.hasGap) {
      reportGap(peer, nowNs);
    } else if (peer.unackedBytes > parts.windowBytes() / 2
        || peer.unackedItems > OutLink.MAX_UNACKED / 2) {
      links.acknowledge(peer);
    }
  }

  private void receive(PeerNode peer, long number, InLink.Pending pending, long nowNs) {
    if (peer.in.isNext(number) && isApplicable(peer, pending, nowNs)) {
      apply(peer, pending, nowNs);
    } else {
      peer.in.offer(number, pending);
    }
  }

  /// Applies what has waited for its turn, or for the lanes.
  void proceed(PeerNode peer, long nowNs) {
    InLink.@Nullable Pending next = peer.in.peek();
    while (next != null && isApplicable(peer, next, nowNs)) {
      apply(peer, next, nowNs);
      next = peer.in.peek();
    }
    peer.confirm();
  }

  private void reportGap(PeerNode peer, long nowNs) {
    if (peer.gapReportedNs == 0 || nowNs - peer.gapReportedNs >= GAP_REPORT_NS) {
      peer.gapReportedNs = nowNs;
      links.acknowledge(peer);
    }
  }

  /// When the datagram was sent, at the earliest: an own beat that its sender has seen was sent
  /// before. Each of the beats is off by the time that it was under way, so the latest counts. If
  /// none of them is known, the datagram may be of any age: its subscribers are offered all recent
  /// events, and their node drops those that are older than the subscription.
  private long lastHeard(Datagram.Data data) {
    long latest = Long.MIN_VALUE;
    for (Datagram.HeardBeat beat : data.heard()) {
      long bound = parts.hearing.sentAfterNs(beat);
      if (bound != Long.MIN_VALUE) {
        latest = latest == Long.MIN_VALUE ? bound : Math.max(latest, bound);
      }
    }
    return latest;
  }

  private static InLink.Pending pending(ReceivedItem item, long heardNs, int bytes, long nowNs) {
    long age = item.ageNs();
    long asOfNs = nowNs - age + SLACK_NS / 2 + age / DRIFT_PART;
    long sinceNs =
        heardNs == Long.MIN_VALUE
            ? nowNs - CENTURIES_NS
            : heardNs - age - SLACK_NS - age / DRIFT_PART;
    return new InLink.Pending(item, asOfNs, sinceNs, bytes);
  }

  /// False while an event waits for the lanes, and before an item that this node does not know.
  private boolean isApplicable(PeerNode peer, InLink.Pending pending, long nowNs) {
    ReceivedItem item = pending.item();
    if (item.type() == null && item.isRequired()) {
      if (!peer.isNewer) {
        peer.isNewer = true;
        String version = peer.identity == null ? "" : peer.identity.version();
        parts.report(new MeshListener.Newer(peer.name(), version));
      }
      return false;
    }
    BusMessage message = item.message();
    boolean isForLanes = item.type() == ItemType.EVENT || item.type() == ItemType.KEPT;
    if (message == null || !isForLanes || parts.ports.gate().hasRoom(message)) {
      peer.blockedSinceNs = 0;
      return true;
    }
    if (peer.blockedSinceNs == 0) {
      peer.blockedSinceNs = nowNs;
    }
    return nowNs - peer.blockedSinceNs > LANES_PATIENCE_NS;
  }

  private void apply(PeerNode peer, InLink.Pending pending, long nowNs) {
    peer.in.advance();
    peer.unackedItems++;
    peer.unackedBytes += pending.bytes();
    ReceivedItem item = pending.item();
    if (item.type() == null) {
      parts.meters.unknownItems++;
      return;
    }
    switch (item.type()) {
      case BEGIN -> {
        peer.isSnapshot = true;
        peer.nextEvent = item.count();
      }
      case END -> endSnapshot(peer, nowNs);
      case BYE -> leave(peer, nowNs);
      case LOST -> missed(peer, item.count());
      case DIGEST -> compare(peer, item);
      default -> {
        if (item.message() != null && isFirstTime(peer, item.type())) {
          apply(peer, item.message(), item, pending, nowNs);
        }
      }
    }
  }

  /// A link that opens again may repeat events that were applied and not acknowledged.
  private static boolean isFirstTime(PeerNode peer, ItemType type) {
    if (!type.isCarried()) {
      return true;
    }
    long number = peer.nextEvent++;
    if (number < peer.eventsApplied) {
      return false;
    }
    peer.eventsApplied = number + 1;
    return true;
  }

  private void missed(PeerNode peer, long count) {
    long before = Math.max(peer.eventsApplied, peer.nextEvent);
    peer.nextEvent += count;
    if (peer.nextEvent > before) {
      peer.eventsApplied = peer.nextEvent;
      peer.missedEvents += peer.nextEvent - before;
      parts.meters.eventsMissed += peer.nextEvent - before;
      parts.report(new MeshListener.Missed(peer.name(), peer.nextEvent - before));
    }
  }

  private void apply(
      PeerNode peer, BusMessage message, ReceivedItem item, InLink.Pending pending, long nowNs) {
    switch (message) {
      case BusMessage.Event event -> event(peer, event, pending, nowNs);
      case BusMessage.Kept kept -> kept(peer, kept, item, pending, nowNs);
      case BusMessage.Direct direct -> parts.receive(peer, direct.with(peer.life), nowNs);
      case BusMessage.TerminateUser _ -> parts.receive(peer, message, pending.asOfNs());
      case BusMessage.Interest interest -> interest(peer, interest, pending, nowNs);
      case BusMessage.Reported reported -> {
        var _ = peer.entries.apply(reported, peer.in.generation());
        parts.receive(peer, sentBy(peer, reported), nowNs);
      }
      default -> {
        if (peer.entries.apply(message, peer.in.generation())) {
          parts.receive(peer, message, pending.asOfNs());
        }
      }
    }
  }

  private void event(PeerNode peer, BusMessage event, InLink.Pending pending, long nowNs) {
    if (peer.blockedSinceNs != 0) {
      peer.lostToLanes++;
      return;
    }
    parts.meters.eventsReceived++;
    if (nowNs - pending.asOfNs() > LATE_NS) {
      parts.meters.eventsLate++;
      peer.lateEvents++;
    }
    parts.receive(peer, event, pending.asOfNs());
  }

  /// The receiver decides by the version who has it already. If the lanes have no room, it is only
  /// kept.
  private void kept(
      PeerNode peer,
      BusMessage.Kept message,
      ReceivedItem item,
      InLink.Pending pending,
      long nowNs) {
    long remainingMs = message.remainingMs() - item.ageNs() / NS_PER_MS;
    BusMessage.Kept kept = message.withRemainingMs(remainingMs);
    if (remainingMs > 0) {
      var _ = parts.kept.put(kept, peer.life, nowNs);
    }
    if (item.type() == ItemType.CACHED) {
      parts.receive(peer, kept.asSnapshot(), pending.asOfNs());
    } else if (peer.blockedSinceNs == 0) {
      event(peer, kept, pending, nowNs);
    } else {
      peer.lostToLanes++;
      parts.receive(peer, kept.asSnapshot(), pending.asOfNs());
    }
  }

  private void interest(
      PeerNode peer, BusMessage.Interest fact, InLink.Pending pending, long nowNs) {
    String app = fact.appId();
    String channel = fact.channel();
    boolean wasKnown = peer.wants(app, channel);
    BusMessage.Interest here =
        new BusMessage.Interest(app, channel, fact.count(), pending.sinceNs());
    boolean isNews = peer.entries.apply(here, peer.in.generation());
    if (fact.count() == 0) {
      @Nullable Map<String, Boolean> channels = peer.lingering.get(app);
      if (channels != null) {
        channels.remove(channel);
      }
    } else if (!wasKnown) {
      // What it had decided by confirmedNs is known, so its oldest subscriber is younger.
      long missedSinceNs = Math.max(pending.sinceNs(), peer.confirmedNs);
      parts.recent.takeEvicted(app, channel, missedSinceNs, peer.slot, peer::miss);
      parts.recent.give(app, channel, pending.sinceNs(), peer.slot, item -> giveRecent(peer, item));
    }
    if (isNews) {
      parts.receive(peer, here, nowNs);
    }
  }

  /// The datagram does not name its sender in each item.
  private static BusMessage sentBy(PeerNode peer, BusMessage message) {
    return message instanceof BusMessage.Reported(var app, var channel, var user, var state, var _)
        ? new BusMessage.Reported(app, channel, user, state, peer.life)
        : message;
  }

  /// The node does not come back: whatever its webhooks have reported and another node has not
  /// taken over, is released.
  void release(PeerNode peer, long nowNs) {
    peer.entries.endReported(
        _ -> true, State.RELEASED, ended -> parts.receive(peer, sentBy(peer, ended), nowNs));
  }

  /// An event of this node that the other's new subscriber has just missed.
  private void giveRecent(PeerNode peer, Item item) {
    var _ = links.put(peer, item);
  }

  private void endSnapshot(PeerNode peer, long nowNs) {
    long generation = peer.in.generation();
    peer.isSnapshot = false;
    peer.entries.end(
        stamp -> stamp != generation, nowNs, ended -> parts.receive(peer, ended, nowNs));
    peer.entries.endReported(
        stamp -> stamp != generation,
        State.ABSENT,
        ended -> parts.receive(peer, sentBy(peer, ended), nowNs));
    peer.lingering = Map.of();
    peer.isComplete = true;
    if (!peer.hasJoined) {
      peer.hasJoined = true;
      peer.isReturning = false;
      parts.report(new MeshListener.Joined(peer.name(), nowNs - peer.knownSinceNs));
    }
    links.acknowledge(peer);
  }

  /// A guard against our own mistakes: what is held of the other node must be what it has.
  private void compare(PeerNode peer, ReceivedItem item) {
    Digest digest = peer.entries.digest();
    if (peer.isSnapshot || (digest.entries() == item.count() && digest.hash() == item.hash())) {
      return;
    }
    parts.meters.divergences++;
    parts.report(new MeshListener.Diverged(peer.name()));
    peer.in.drop();
    links.acknowledge(peer);
  }

  /// Lets the node send its state again, because this one did not know some of its apps and has
  /// dropped what concerns them.
  void ask(PeerNode peer, Collection<String> apps) {
    Map<String, Map<String, Boolean>> lingering = new HashMap<>(peer.lingering);
    for (String app : apps) {
      Map<String, Boolean> channels = peer.entries.forget(app);
      if (!channels.isEmpty()) {
        lingering.put(app, channels);
      }
    }
    peer.lingering = lingering;
    peer.in.drop();
    links.acknowledge(peer);
  }

  /// The node has shut down.
  private void leave(PeerNode peer, long nowNs) {
    int members = peer.entries.members();
    int subscriptions = peer.entries.subscriptions();
    parts.members.leave(peer);
    parts.shares.forget(peer.life);
    endEntries(peer, nowNs);
    peer.entries.endReported(_ -> true, State.ABSENT, _ -> {}); // others continue from there
    links.acknowledge(peer);
    parts.report(new MeshListener.Left(peer.name(), members, subscriptions));
  }

  /// Its lease has ended, or this node is isolated.
  ///
  /// @return how many members and subscriptions were removed
  Removed gone(PeerNode peer, long nowNs) {
    Removed removed = new Removed(peer.entries.members(), peer.entries.subscriptions());
    peer.isUp = false;
    peer.isComplete = false;
    parts.shares.forget(peer.life);
    peer.goneNs = nowNs;
    peer.blockedSinceNs = 0;
    peer.lingering = peer.entries.interests();
    peer.in.drop();
    endEntries(peer, nowNs);
    parts.kept.forEach(
        publisher -> publisher == peer.life,
        nowNs - parts.options.leaseNs() - UNSURE_NS,
        links::putToAll);
    return removed;
  }

  /// What went with a node.
  record Removed(int members, int subscriptions) {}

  /// The node must not be up any more: who acts for the cluster while its entries end is decided
  /// without it.
  private void endEntries(PeerNode peer, long nowNs) {
    parts.report(new MeshListener.Ending(peer.name()));
    peer.entries.end(_ -> true, nowNs, ended -> parts.receive(peer, ended, nowNs));
  }
}
