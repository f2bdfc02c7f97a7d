package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.ServerText;

/// What happens to a [PusherSocket]. Called on the loop's thread, with the socket that it happened
/// to; methods left alone ignore the happening.
public interface PusherListener {

  /// The server has greeted and given a socket id; the subscription, if any, is asked for next.
  default void onOpen(PusherSocket socket) {}

  /// The server has confirmed the subscription to this channel.
  default void onSubscribed(PusherSocket socket, String channel) {}

  /// A message of this run has arrived; the hot path.
  default void onDelivery(
      PusherSocket socket, int publisher, int channel, int sequence, int event) {}

  /// Any other message of the server.
  default void onMessage(PusherSocket socket, ServerText message) {}

  /// A `pusher:error` or a refused subscription; the connection may stay open.
  default void onError(PusherSocket socket, String reason) {}

  /// The connection is gone, or never came to be. Called once, last.
  default void onClosed(PusherSocket socket, String reason) {}
}
