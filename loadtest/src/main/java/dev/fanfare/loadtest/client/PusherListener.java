package dev.fanfare.loadtest.client;

import dev.fanfare.loadtest.wire.ServerText;

/// Events of a [PusherSocket]. Called on the loop's thread, with the socket; the default methods do
/// nothing.
public interface PusherListener {

  /// The connection is established and has a socket id; the subscription, if any, is sent next.
  default void onOpen(PusherSocket socket) {}

  /// The server has confirmed the subscription to this channel.
  default void onSubscribed(PusherSocket socket, String channel) {}

  /// A message of this run arrived; the hot path.
  default void onDelivery(
      PusherSocket socket, int publisher, int channel, int sequence, int event) {}

  /// Any other message from the server.
  default void onMessage(PusherSocket socket, ServerText message) {}

  /// A `pusher:error` or a refused subscription; the connection may stay open.
  default void onError(PusherSocket socket, String reason) {}

  /// The connection was closed or failed. Called once, last.
  default void onClosed(PusherSocket socket, String reason) {}
}
