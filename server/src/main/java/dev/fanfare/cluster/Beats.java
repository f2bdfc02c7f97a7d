package dev.fanfare.cluster;

import dev.fanfare.bus.Wire;
import dev.fanfare.cluster.datagram.Datagram;
import dev.fanfare.cluster.datagram.DatagramBeatBuilder;
import java.util.ArrayList;
import java.util.List;

/// Sends the beats of this node. Confined to one thread.
final class Beats {

  /// In larger clusters the table of a beat shows a part of the other nodes, in turn.
  private static final int MAX_TABLE = 20;

  private final MeshParts parts;
  private boolean isDraining;
  private boolean isBehind;
  private boolean hasBeaten;
  private long lastNs;
  private int turn;

  Beats(MeshParts parts) {
    this.parts = parts;
  }

  void drain() {
    isDraining = true;
    hasBeaten = false;
  }

  /// From now on beats confirm nothing about the links, or do so again.
  void behind(boolean isNowBehind) {
    isBehind = isNowBehind;
  }

  boolean isDue(long nowNs) {
    return !hasBeaten || nowNs - lastNs >= parts.beatNs();
  }

  void send(long nowNs) {
    hasBeaten = true;
    lastNs = nowNs;
    List<PeerNode> peers = List.copyOf(parts.members.all());
    int shown = Math.min(peers.size(), MAX_TABLE);
    List<Datagram.Seen> table = new ArrayList<>(shown);
    List<Datagram.HeardBeat> heard = new ArrayList<>(shown);
    for (int i = 0; i < shown; i++) {
      PeerNode peer = peers.get((turn + i) % peers.size());
      table.add(seen(peer));
      heard.add(peer.latestBeat(nowNs));
    }
    turn = peers.isEmpty() ? 0 : (turn + shown) % peers.size();
    long number = parts.hearing.beat(nowNs);
    List<Datagram.Demand> demands = parts.shares.measure(nowNs);
    parts
        .ports
        .output()
        .send(
            Wire.ALL,
            parts.codec.write(
                DatagramBeatBuilder.builder()
                    .number(number)
                    .isDraining(isDraining)
                    .isComplete(shown == peers.size())
                    .identity(identity())
                    .table(table)
                    .demands(demands)
                    .apps(parts.apps)
                    .heard(heard)
                    .build()));
    parts.shares.divide(parts.members.upCount());
  }

  private Datagram.Identity identity() {
    return new Datagram.Identity(
        parts.options.node(),
        parts.options.version(),
        Datagram.LOWEST_CODEC,
        Datagram.HIGHEST_CODEC,
        parts.configHash);
  }

  private Datagram.Seen seen(PeerNode peer) {
    OutLink link = isBehind ? null : peer.out;
    return new Datagram.Seen(
        peer.life,
        peer.in.isNone(),
        peer.in.reportedGeneration(),
        peer.in.reportedExpected(),
        link == null ? 0 : link.generation(),
        link == null ? 0 : link.next());
  }
}
