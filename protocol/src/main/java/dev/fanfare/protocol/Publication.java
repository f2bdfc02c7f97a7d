package dev.fanfare.protocol;

import org.jspecify.annotations.Nullable;

/// One event for one channel: what a request becomes, what lanes deliver, nodes exchange and
/// channels keep.
///
/// @param data the string that every subscriber receives
/// @param userId the sender, only for client events on presence channels
/// @param exceptSocketId the connection that must not receive it; the sender of a client event
public record Publication(
    ChannelName channel,
    String event,
    String data,
    @Nullable String userId,
    @Nullable String exceptSocketId,
    Origin origin) {

  /// What subscribers receive.
  public ServerMessage.Event message() {
    return new ServerMessage.Event(channel.value(), event, data, userId);
  }

  /// The same with the id under which the event is kept.
  public ServerMessage.Event message(String id) {
    return new ServerMessage.Event(channel.value(), event, data, userId, id);
  }
}
