package dev.fanfare.transport;

import io.netty.channel.Channel;

/// Ends a socket that holds too much memory, with a reason in the protocol that it speaks. Called
/// on the socket's lane.
final class Cut {

  private Cut() {}

  static void now(Channel socket, String reason) {
    WebSocketHandler webSocket = socket.pipeline().get(WebSocketHandler.class);
    HttpGateway gateway = socket.pipeline().get(HttpGateway.class);
    if (webSocket != null) {
      webSocket.cut(reason);
    } else if (gateway != null) {
      gateway.cut(reason);
    } else {
      var _ = socket.close();
    }
  }
}
