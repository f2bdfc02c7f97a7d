package dev.fanfare.bus;

import org.jspecify.annotations.Nullable;

/// A message from one node to the others.
public sealed interface BusMessage {

  /// The app that it concerns.
  String appId();

  /// An event for a channel's subscribers; cache channels store `fromApi` events.
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
