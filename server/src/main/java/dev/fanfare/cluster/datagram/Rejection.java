package dev.fanfare.cluster.datagram;

/// Why a datagram was dropped whole.
public enum Rejection {
  /// Too short, or no datagram of Fanfare.
  MAGIC,
  /// Another version of the header.
  VERSION,
  /// The cluster has another name.
  CLUSTER,
  /// The checksum or the seal does not fit: damaged, another secret, or one side has none.
  SEAL,
  /// An unknown kind, a length beyond the rest, or a value out of bounds.
  FORMAT,
  /// An invalid channel name.
  NAME,
  /// From one node more than a cluster may have.
  NODES
}
