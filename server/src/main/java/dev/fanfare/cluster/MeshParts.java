package dev.fanfare.cluster;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.cluster.datagram.DatagramCodec;
import dev.fanfare.cluster.datagram.Item;
import dev.fanfare.observe.HeapExhaustion;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// What the parts of a [Mesh] share. Confined to one thread.
final class MeshParts {

  private static final long BEAT_PER_NODE_NS = TimeUnit.MILLISECONDS.toNanos(20);
  private static final long MIN_BEAT_NS = TimeUnit.MILLISECONDS.toNanos(200);
  private static final long MAX_BEAT_NS = TimeUnit.SECONDS.toNanos(2);

  /// Together with those of other nodes below what Redis lets wait for a subscriber.
  private static final long ALL_WINDOWS_BYTES = 6L << 20;

  private static final long MIN_WINDOW_BYTES = 256L << 10;
  private static final long MAX_WINDOW_BYTES = 4L << 20;

  /// The window is at most this part of the bytes for an outage, as a divisor.
  private static final int WINDOW_PART = 4;

  /// Kept events may take this part of the bytes for an outage, as a divisor.
  private static final int KEPT_PART = 4;

  final MeshOptions options;
  final long life;
  final MeshPorts ports;
  final DatagramCodec codec;
  final Meters meters = new Meters();
  final Members members;
  final Hearing hearing;
  final Entries<Item> own = new Entries<>();
  final Recent recent;
  final KeptEvents kept;
  final Shares shares;

  /// Of the apps and limits of this node; a reload changes it.
  long configHash;

  /// Which they are; a reload changes it.
  Set<Integer> apps;

  MeshParts(MeshOptions options, long life, MeshPorts ports, long nowNs) {
    this(options, life, ports, new Recent(options.outageBytes()), nowNs);
  }

  /// @param recent the log of recent events
  MeshParts(MeshOptions options, long life, MeshPorts ports, Recent recent, long nowNs) {
    this.options = options;
    this.configHash = options.configHash();
    this.apps = options.apps();
    this.life = life;
    this.ports = ports;
    this.codec = new DatagramCodec(options.cluster(), life, options.seal());
    this.hearing = new Hearing(nowNs);
    this.recent = recent;
    this.members = new Members(recent::forget);
    this.shares = new Shares(ports.shares(), nowNs);
    this.kept = new KeptEvents(options.outageBytes() / KEPT_PART);
  }

  /// The time between two beats: longer in larger clusters, so that the engine's load stays small.
  long beatNs() {
    return Math.clamp((members.size() + 1) * BEAT_PER_NODE_NS, MIN_BEAT_NS, MAX_BEAT_NS);
  }

  /// The bytes that may be under way to one node: they cannot be dropped, so they are a part of
  /// what a link may hold.
  long windowBytes() {
    long part =
        Math.clamp(
            ALL_WINDOWS_BYTES / Math.max(1, members.upCount() - 1),
            MIN_WINDOW_BYTES,
            MAX_WINDOW_BYTES);
    return Math.min(part, options.outageBytes() / WINDOW_PART);
  }

  /// Passes a message of another node on.
  void receive(PeerNode peer, BusMessage message, long asOfNs) {
    try {
      ports.receiver().onMessage(peer.slot, message, asOfNs);
    } catch (RuntimeException | Error e) {
      HeapExhaustion.exitIf(e);
      report(new MeshListener.Failed(peer.name(), e));
    }
  }

  void report(MeshListener.Event event) {
    ports.listener().onEvent(event);
  }

  void lost(PeerNode peer, MeshListener.Loss reason, long events) {
    if (events > 0) {
      meters.lost(reason, events);
      report(new MeshListener.Lost(peer.name(), events, reason));
    }
  }
}
