package dev.fanfare.cluster.datagram;

/// Why a datagram was dropped whole.
public enum Rejection {
  /// Too short, or no datagram of Fanfare.
  MAGIC,
  /// Another version of the header.
  VERSION,
  /// The cluster has another name.
  CLUSTER,
  /// The sender has a secret and this node has none, or the reverse.
  SECRET,
  /// The checksum or the seal does not fit: damaged, or another secret.
  SEAL,
  /// An unknown kind, a length beyond the rest, or a value out of bounds.
  FORMAT,
  /// An invalid channel name.
  NAME,
  /// From one node more than a cluster may have.
  NODES
}
