package dev.fanfare.bus;

import org.jspecify.annotations.Nullable;

/// What one node tells the others.
public sealed interface BusMessage {

  /// The app it concerns.
  String appId();

  /// An event for a channel's subscribers; `fromApi` events stay in the cache of cache channels.
  record Event(
      String appId,
      String channel,
      String event,
      String data,
      @Nullable String userId,
      @Nullable String exceptSocketId,
      boolean fromApi)
      implements BusMessage {}

  /// Close every connection signed in as the user.
  record TerminateUser(String appId, String userId) implements BusMessage {}
}
