package dev.fanfare.channel;

import dev.fanfare.bus.BusMessage;
import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.ServerMessage;
import org.jspecify.annotations.Nullable;

/// One event for one channel, ready to be sent to every node.
///
/// @param data the string that every subscriber receives
/// @param userId the sender, only for client events on presence channels
/// @param exceptSocketId the connection that must not receive it
/// @param fromApi published over HTTP, so cache channels store it
public record Publication(
    ChannelName channel,
    String event,
    String data,
    @Nullable String userId,
    @Nullable String exceptSocketId,
    boolean fromApi) {

  ServerMessage.Event message() {
    return new ServerMessage.Event(channel.value(), event, data, userId);
  }

  BusMessage.Event busMessage(String appId) {
    return new BusMessage.Event(
        appId, channel.value(), event, data, userId, exceptSocketId, fromApi);
  }
}
