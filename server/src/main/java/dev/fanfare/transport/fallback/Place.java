package dev.fanfare.transport.fallback;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.AddressSlot;
import dev.fanfare.transport.SocketContext;
import dev.fanfare.transport.address.Ip;
import dev.fanfare.transport.address.Remote;
import org.jspecify.annotations.Nullable;

/// The place of one connection in the count of its client's address and of the node's files,
/// besides those of its sockets: it lives on between two of them. Confined to its lane.
final class Place {

  private final SocketContext shared;
  private final Remote client;
  private @Nullable Ip counted;
  private boolean isCounted;

  Place(SocketContext shared, Remote client) {
    this.shared = shared;
    this.client = client;
  }

  /// Counts the connection; fails if there are too many.
  ///
  /// @param slot that of the socket that asks for it
  Parsed<Parsed.Passed> claim(AddressSlot slot) {
    Parsed<Parsed.Passed> admitted = slot.admit(client);
    if (admitted instanceof Parsed.Ok) {
      admitted = connect();
    }
    if (admitted instanceof Parsed.Ok) {
      admitted = shared.files().connect();
      isCounted = admitted instanceof Parsed.Ok;
    }
    if (admitted instanceof Parsed.Bad) {
      release();
    }
    return admitted;
  }

  private Parsed<Parsed.Passed> connect() {
    Ip ip = client.ip();
    if (ip == null || client.isAmong(shared.options().trustedProxies())) {
      return Parsed.PASSED;
    }
    Parsed<Parsed.Passed> connected = shared.sources().connect(ip);
    counted = connected instanceof Parsed.Ok ? ip : null;
    return connected;
  }

  /// Ends the count. Idempotent.
  void release() {
    Ip ip = counted;
    if (ip != null) {
      shared.sources().disconnected(ip);
      counted = null;
    }
    if (isCounted) {
      isCounted = false;
      shared.files().disconnect();
    }
  }
}
