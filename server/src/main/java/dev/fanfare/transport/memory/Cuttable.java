package dev.fanfare.transport.memory;

import io.netty.channel.ChannelHandler;

/// The handler that can end a socket with a reason, in the protocol that the socket speaks. A
/// socket has at most one. Confined to its lane.
public interface Cuttable extends ChannelHandler {

  /// Ends the socket because of the memory that it holds.
  void cut(String reason);
}
