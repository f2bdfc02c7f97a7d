package dev.fanfare.transport;

import dev.fanfare.observe.Observation;
import dev.fanfare.protocol.Parsed;
import dev.fanfare.transport.address.Remote;
import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.ssl.SslHandler;

/// The other side of one HTTP socket: its address, its place in the count of that address, and
/// whether it speaks TLS. Outlives the gateway of a socket that becomes a WebSocket. Confined to
/// the socket's lane.
public final class HttpPeer {

  private final SocketContext shared;
  private final Channel socket;
  private final AddressSlot slot;
  private Remote remote;
  private boolean isSecure;
  private boolean isEnded;

  public HttpPeer(SocketContext shared, Channel socket) {
    this.shared = shared;
    this.socket = socket;
    this.slot = new AddressSlot(shared, socket);
    this.remote = Remote.of(socket.remoteAddress());
  }

  /// Counts the socket for its address; ends it if there are too many. Called when it is active.
  public void claim() {
    if (slot.claim(remote) instanceof Parsed.Bad(String full)) {
      end(full);
    }
  }

  /// A trusted proxy has named its client, which the socket counts for from now on.
  public void setRemote(Remote behindProxy) {
    remote = behindProxy;
    claim();
  }

  /// The client, or the proxy that it came through.
  public Remote remote() {
    return remote;
  }

  /// Where a request came from, behind trusted proxies too.
  public Remote client(HttpRequest request) {
    return remote.behind(shared.options().trustedProxies(), request);
  }

  public AddressSlot slot() {
    return slot;
  }

  /// The socket speaks TLS from now on.
  public void secure() {
    isSecure = true;
  }

  public boolean isSecure() {
    return isSecure;
  }

  /// True if a TLS handshake has begun and is not complete.
  public boolean isHandshaking() {
    SslHandler tls = socket.pipeline().get(SslHandler.class);
    return tls != null && !tls.handshakeFuture().isDone();
  }

  /// Closes a socket that has not spoken HTTP yet, without a response. Idempotent, because closing
  /// makes a TLS handshake fail once more.
  public void end(String reason) {
    if (!isEnded) {
      isEnded = true;
      reportRefused(reason);
      var _ = socket.close();
    }
  }

  /// Reports that the socket is refused before its first complete request.
  public void reportRefused(String reason) {
    shared.sessions().listener().on(new Observation.SocketRefused(remote.toString(), reason));
  }
}
