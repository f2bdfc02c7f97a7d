package dev.fanfare.transport.memory;

import io.netty.channel.Channel;

/// Ends a socket that holds too much memory, with a reason in the protocol that it speaks. Called
/// on the socket's lane.
public final class Cut {

  private Cut() {}

  public static void now(Channel socket, String reason) {
    Cuttable handler = socket.pipeline().get(Cuttable.class);
    if (handler != null) {
      handler.cut(reason);
    } else {
      var _ = socket.close();
    }
  }
}
