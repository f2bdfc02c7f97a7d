package dev.fanfare.transport;

import io.netty.channel.Channel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;

/// Ends the server's direction of a socket, so that the client sees the end at once while its own
/// input can still be read: closing a socket with unread input would reset it.
public final class HalfClose {

  private HalfClose() {}

  /// Ends the output; call it when everything has been written. TLS has its own end, without which
  /// the last message would look truncated.
  public static void endOutput(Channel socket) {
    SslHandler tls = socket.pipeline().get(SslHandler.class);
    if (tls == null) {
      endTcp(socket);
    } else {
      tls.closeOutbound().addListener(_ -> endTcp(socket));
    }
  }

  private static void endTcp(Channel socket) {
    var _ = socket instanceof DuplexChannel duplex ? duplex.shutdownOutput() : socket.close();
  }
}
