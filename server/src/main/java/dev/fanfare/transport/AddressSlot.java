package dev.fanfare.transport;

import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.address.Ip;
import dev.fanfare.transport.address.Network;
import dev.fanfare.transport.address.Remote;
import io.netty.channel.Channel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The place of one socket in the count of its address, from accept or from the moment when a proxy
/// has named the client, until the socket closes or proves that it belongs to a key holder.
///
/// As many sockets as the limit are admitted, and as many again wait for their first request, which
/// is answered with the reason. Addresses of trusted proxies have no limit. Confined to the
/// socket's lane.
public final class AddressSlot {

  private final SourceLimits limits;
  private final List<Network> trusted;

  /// The address that the socket counts for; null if it is not counted.
  private @Nullable Ip ip;

  /// True if it is counted among those above the limit.
  private boolean isWaiting;

  AddressSlot(SocketContext shared, Channel socket) {
    this.limits = shared.sources();
    this.trusted = shared.options().trustedProxies();
    if (limits.isCounting()) {
      socket.closeFuture().addListener(_ -> release());
    }
  }

  /// Counts the socket for this peer and for no other. If that fails, the socket must be closed
  /// without an answer.
  Parsed<Parsed.Passed> claim(Remote peer) {
    release();
    Ip claimed = peer.ip();
    if (!limits.isCounting() || claimed == null || peer.isAmong(trusted)) {
      return Parsed.PASSED;
    }
    Parsed<Parsed.Passed> connected = limits.connect(claimed);
    boolean isFull = connected instanceof Parsed.Bad;
    if (isFull && !limits.await(claimed)) {
      return connected;
    }
    ip = claimed;
    isWaiting = isFull;
    return Parsed.PASSED;
  }

  /// Decides about a client that asks for a connection, which may be another one than the peer that
  /// was counted. Fails if its address is at the limit.
  public Parsed<Parsed.Passed> admit(Remote client) {
    Ip counted = ip;
    Ip asking = client.ip();
    if (counted == null || asking == null || !counted.block().equals(asking.block())) {
      Parsed<Parsed.Passed> claimed = claim(client);
      return asking != null && isWaiting ? limits.full(asking) : claimed;
    }
    if (!isWaiting) {
      return Parsed.PASSED;
    }
    Parsed<Parsed.Passed> connected = limits.connect(counted);
    if (connected instanceof Parsed.Ok) {
      limits.stopWaiting(counted);
      isWaiting = false;
    }
    return connected;
  }

  /// True if the socket is counted for an address.
  public boolean isCounted() {
    return ip != null;
  }

  /// True if the socket is one too many, and must be closed after its next response.
  public boolean isWaiting() {
    return isWaiting;
  }

  /// Ends the count. Idempotent.
  public void release() {
    Ip counted = ip;
    ip = null;
    if (counted != null && isWaiting) {
      limits.stopWaiting(counted);
    } else if (counted != null) {
      limits.disconnected(counted);
    }
    isWaiting = false;
  }
}
