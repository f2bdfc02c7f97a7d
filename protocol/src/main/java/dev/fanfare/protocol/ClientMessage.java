package dev.fanfare.protocol;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything a client can send, checked for its shape and for nothing else. Created by
/// [MessageReader] only.
public sealed interface ClientMessage {

  /// `pusher:subscribe` (section 2.2). The strings are as sent; the name is not yet validated.
  ///
  /// @param problems why `auth` or `channel_data` could not be read, by that name; refused like a
  ///   wrong value, since the channel is known
  record Subscribe(
      String channel,
      @Nullable String auth,
      @Nullable String channelData,
      Map<String, String> problems)
      implements ClientMessage {

    /// A subscription whose fields have the right types.
    public Subscribe(String channel, @Nullable String auth, @Nullable String channelData) {
      this(channel, auth, channelData, Map.of());
    }
  }

  /// `pusher:unsubscribe` (section 2.6).
  record Unsubscribe(String channel) implements ClientMessage {}

  /// `pusher:ping`, answered immediately (section 1.4).
  record Ping() implements ClientMessage {}

  /// `pusher:pong`, which only shows that the client is alive.
  record Pong() implements ClientMessage {}

  /// `pusher:signin` (section 4.1).
  record SignIn(String auth, String userData) implements ClientMessage {}

  /// `pusher:signin` with a missing field or one of the wrong type; `reason` is the text for
  /// `pusher:error`.
  record InvalidSignIn(String reason) implements ClientMessage {}

  /// An event for the other subscribers of a channel (section 3).
  ///
  /// @param data the string to relay
  /// @param isCut true if `data` is only the beginning of a value that is too long to relay
  record ClientEvent(String event, String channel, String data, boolean isCut)
      implements ClientMessage {

    /// An event whose data was read to its end.
    public ClientEvent(String event, String channel, String data) {
      this(event, channel, data, false);
    }
  }

  /// Any other message; `reason` is the text for `pusher:error`.
  record Malformed(String reason) implements ClientMessage {}
}
