package dev.fanfare.cluster.datagram;

import org.jspecify.annotations.Nullable;

/// Protects datagrams against damage, or against everyone without the secret. Confined to one
/// thread.
public sealed interface Seal permits ChecksumSeal, SecretSeal {

  /// CRC-32C, for an engine that only the cluster can reach.
  static Seal checksum() {
    return new ChecksumSeal();
  }

  /// AES-128-GCM with a key per life, derived from the cluster's secret.
  ///
  /// @param secret 32 bytes
  static Seal secret(byte[] secret, String cluster) {
    return new SecretSeal(secret, cluster);
  }

  /// Set in the kind of each datagram, so that a node with a secret and one without recognize each
  /// other.
  int kindBit();

  /// The bytes that it adds to a datagram.
  int overhead();

  /// A finished datagram.
  ///
  /// @param bytes the header and what follows, in the first `length` bytes
  /// @param life of the sender
  byte[] close(byte[] bytes, int length, long life);

  /// The header and what follows without the seal, or null if the seal does not fit. May be longer
  /// than that by [#overhead].
  byte @Nullable [] open(byte[] datagram, long life);
}
