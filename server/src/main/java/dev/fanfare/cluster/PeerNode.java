package dev.fanfare.cluster;

import dev.fanfare.cluster.datagram.Datagram;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Another node, as this one sees it. Confined to one thread.
final class PeerNode {

  private static final int HEARD_BEATS = 4;
  private static final int LIFE_DIGITS = 4;

  final long life;

  /// Its number for the receiver of its messages.
  final int slot;

  final long knownSinceNs;

  /// What it owns. The note is the generation whose snapshot named the entry last.
  final Entries<Long> entries = new Entries<>();

  final InLink in = new InLink();

  /// Null if it was away for too long.
  @Nullable OutLink out;

  @Nullable Identity identity;

  /// The lease has not ended since it was heard.
  boolean isUp;

  /// Silent for some beats.
  boolean isAbsent;

  /// Everything that it owns is known.
  boolean isComplete;

  boolean isDraining;

  /// It needs items that this node does not know; its link stands still.
  boolean isNewer;

  /// It has none of the apps of this node: another cluster uses the name. Nothing is exchanged.
  boolean isForeign;

  /// The number of its next event or command, and of the first one that was not applied.
  long nextEvent;

  long eventsApplied;

  boolean hasJoined;
  boolean isSnapshot;

  /// Its subscriptions when it was last seen: events for them wait for it.
  Map<String, Map<String, Boolean>> lingering = Map.of();

  long heardNs;

  /// On the clock of [Hearing].
  long heardAtHearingNs;

  long goneNs;
  long lastBeat;

  /// Since when each of its beats has said that it holds nothing of this node; 0 if it does.
  long ignoresUsSinceNs;

  /// What is due to be acknowledged.
  long unackedBytes;

  int unackedItems;
  long ackDueNs;
  boolean isAckDue;
  boolean hasGap;
  long gapReportedNs;

  /// Since when its link waits for lanes; 0 if it does not.
  long blockedSinceNs;

  /// Events dropped because the lanes had no room, and not reported.
  long lostToLanes;

  /// Events of this node that its subscribers have missed because they were not kept until this
  /// node knew of these subscribers; not reported.
  final Map<MeshListener.Loss, Long> missed = new EnumMap<>(MeshListener.Loss.class);

  /// Events that were lost with an earlier link, and not reported to the node.
  long lostWithLink;

  long digestDueNs;

  /// All that it decided before this moment was applied.
  long confirmedNs;

  private long markGeneration;
  private long markNext;
  private long markNs;
  private boolean hasMark;

  /// When it was heard after an absence that is not reported as over, and how long that was.
  long returnedNs;

  long awayNs;
  boolean isReturning;
  long lateEvents;
  long missedEvents;

  private final List<Datagram.HeardBeat> beats = new ArrayList<>();

  /// What its beats say about it.
  record Identity(String node, String version, long configHash, int highestCodec) {}

  PeerNode(long life, int slot, long nowNs, long confirmedNs) {
    this.life = life;
    this.slot = slot;
    this.knownSinceNs = nowNs;
    this.heardNs = nowNs;
    this.goneNs = nowNs;
    this.confirmedNs = confirmedNs;
  }

  /// For the log.
  String name() {
    String digits = HexFormat.of().toHexDigits(life).substring(0, LIFE_DIGITS);
    return identity == null ? digits : identity.node() + " (" + digits + "…)";
  }

  /// It has said that it can read compressed data.
  boolean readsCompression() {
    return identity != null && identity.highestCodec() >= Datagram.COMPRESSION_CODEC;
  }

  /// Its subscribers have missed events of this node.
  void miss(MeshListener.Loss reason, long events) {
    missed.merge(reason, events, Long::sum);
  }

  boolean wants(String app, String channel) {
    return entries.hasInterest(app, channel)
        || lingering.getOrDefault(app, Map.of()).containsKey(channel);
  }

  /// A beat of it has arrived.
  void heardBeat(long number, long nowNs) {
    if (beats.size() == HEARD_BEATS) {
      beats.removeFirst();
    }
    beats.add(new Datagram.HeardBeat(number, nowNs));
  }

  /// Its latest beat and how long ago it was heard; number 0 if none was.
  Datagram.HeardBeat latestBeat(long nowNs) {
    if (beats.isEmpty()) {
      return new Datagram.HeardBeat(0, 0);
    }
    Datagram.HeardBeat latest = beats.getLast();
    return new Datagram.HeardBeat(latest.number(), nowNs - latest.agoNs());
  }

  /// Its last beats, and how long ago each was heard.
  List<Datagram.HeardBeat> heardBeats(long nowNs) {
    return beats.stream()
        .map(beat -> new Datagram.HeardBeat(beat.number(), nowNs - beat.agoNs()))
        .toList();
  }

  /// The silence is over, its or the engine's: what was sent meanwhile has not arrived.
  void retry(long nowNs) {
    if (out != null) {
      out.retry(nowNs);
    }
  }

  /// A beat says what the node had decided when it sent the beat, which may have been under way for
  /// long.
  ///
  /// @param sentNs when it was sent, at the earliest; [Long#MIN_VALUE] if that is not known
  void mark(Datagram.Seen seen, long sentNs) {
    confirm();
    boolean isUsable = sentNs != Long.MIN_VALUE && seen.openedGeneration() != 0;
    if (isUsable && (!hasMark || markGeneration != seen.openedGeneration())) {
      hasMark = true;
      markGeneration = seen.openedGeneration();
      markNext = seen.next();
      markNs = sentNs;
      confirm();
    }
  }

  /// Call when items were applied.
  void confirm() {
    if (hasMark && in.generation() == markGeneration && in.expected() >= markNext) {
      hasMark = false;
      confirmedNs = Math.max(confirmedNs, markNs);
    }
  }

  /// What acknowledges its link.
  Datagram.Ack ack() {
    boolean isGap = hasGap;
    return new Datagram.Ack(in.reportedGeneration(), in.reportedExpected(), in.isNone(), isGap);
  }

  /// The acknowledgement is on its way.
  void acknowledged() {
    unackedBytes = 0;
    unackedItems = 0;
    isAckDue = false;
    ackDueNs = 0;
  }
}
