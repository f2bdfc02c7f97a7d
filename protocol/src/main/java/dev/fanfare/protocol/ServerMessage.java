package dev.fanfare.protocol;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything the server sends on a socket. [MessageWriter] defines the wire format.
public sealed interface ServerMessage {

  /// The first frame of a connection (section 1.2).
  record ConnectionEstablished(String socketId, int activityTimeoutSeconds)
      implements ServerMessage {}

  /// The answer to `pusher:ping` (section 1.4).
  record Pong() implements ServerMessage {}

  /// Asks a client that does not show the pongs of WebSocket for `pusher:pong` (section 1.4).
  record Ping() implements ServerMessage {}

  /// Reports a problem to the client (section 1.6). Written with exactly the keys of the hosted
  /// service's frame: `code` is always there, `null` for problems without one, and `channel` never
  /// is, because some clients crash on either deviation.
  record PusherError(@Nullable Integer code, String message) implements ServerMessage {}

  /// A subscription succeeded (section 2.4). `members` is null unless it is a presence channel.
  record SubscriptionSucceeded(String channel, @Nullable Collection<Member> members)
      implements ServerMessage {}

  /// A subscription was refused (section 2.7).
  record SubscriptionError(String channel, String type, String error, int status)
      implements ServerMessage {}

  /// A user's first connection joined a presence channel (section 2.5).
  record MemberAdded(String channel, Member member) implements ServerMessage {}

  /// A user's last connection left a presence channel (section 2.5).
  record MemberRemoved(String channel, String userId) implements ServerMessage {}

  /// How many connections are subscribed (section 2.9).
  record SubscriptionCount(String channel, int count) implements ServerMessage {}

  /// A cache channel has no event (section 5).
  record CacheMiss(String channel) implements ServerMessage {}

  /// A subscriber that came back cannot get everything that it has missed. On encrypted channels,
  /// where clients try to decrypt what they receive, only the fact is reported.
  ///
  /// @param after the id of the last event that it has confirmed
  /// @param oldest the id of the first event that it gets; null if it gets none
  record Gap(String channel, String reason, String after, @Nullable String oldest)
      implements ServerMessage {}

  /// The sign-in succeeded; `userData` is returned as sent (section 4.1).
  record SigninSuccess(String userData) implements ServerMessage {}

  /// Watched users went online or offline (section 4.2); an empty list is omitted.
  record WatchlistEvents(List<String> online, List<String> offline) implements ServerMessage {}

  /// An application's or client's event. `data` is exactly the string that was sent; `userId` is
  /// set only for client events on presence channels (section 3), `id` only for kept events.
  record Event(
      String channel, String event, String data, @Nullable String userId, @Nullable String id)
      implements ServerMessage {

    /// An event without an id.
    public Event(String channel, String event, String data, @Nullable String userId) {
      this(channel, event, data, userId, null);
    }
  }
}
