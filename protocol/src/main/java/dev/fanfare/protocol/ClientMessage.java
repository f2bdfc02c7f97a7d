package dev.fanfare.protocol;

import org.jspecify.annotations.Nullable;

/// Everything a client can say on its socket, after its shape has been checked and before anything
/// else has. Made by [MessageReader] only.
public sealed interface ClientMessage {

  /// `pusher:subscribe` (section 2.2). The strings are as sent; the name is not yet validated.
  record Subscribe(String channel, @Nullable String auth, @Nullable String channelData)
      implements ClientMessage {}

  /// `pusher:unsubscribe` (section 2.6).
  record Unsubscribe(String channel) implements ClientMessage {}

  /// `pusher:ping`, answered at once (section 1.4).
  record Ping() implements ClientMessage {}

  /// `pusher:pong`, a sign of life and nothing more.
  record Pong() implements ClientMessage {}

  /// `pusher:signin` (section 4.1).
  record SignIn(String auth, String userData) implements ClientMessage {}

  /// An event for the other subscribers of a channel (section 3). `data` is the string to relay.
  record ClientEvent(String event, String channel, String data) implements ClientMessage {}

  /// Anything else; `reason` is the sentence for `pusher:error`.
  record Malformed(String reason) implements ClientMessage {}
}
