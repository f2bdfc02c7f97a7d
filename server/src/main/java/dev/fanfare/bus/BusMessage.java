package dev.fanfare.bus;

import dev.fanfare.protocol.Publication;

/// A message from one node to the others.
public sealed interface BusMessage {

  /// The app that it concerns.
  String appId();

  /// An event for a channel's subscribers, which that channel may keep.
  record Event(String appId, Publication publication) implements BusMessage {}

  /// Close every connection signed in as the user.
  record TerminateUser(String appId, String userId) implements BusMessage {}
}
