package dev.fanfare.protocol;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Everything the server says on a socket. [MessageWriter] decides how each looks on the wire.
public sealed interface ServerMessage {

  /// The first frame of a connection (section 1.2).
  record ConnectionEstablished(String socketId, int activityTimeoutSeconds)
      implements ServerMessage {}

  /// The answer to `pusher:ping` (section 1.4).
  record Pong() implements ServerMessage {}

  /// Reports a problem to the client (section 1.6). Written with exactly the keys of the hosted
  /// service's frame: `code` is always there, `null` for problems without one, and `channel` never
  /// is, because some clients crash on either deviation.
  record PusherError(@Nullable Integer code, String message) implements ServerMessage {}

  /// A subscription stands (section 2.4). `members` is null unless the channel has members.
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

  /// A cache channel has nothing to show (section 5).
  record CacheMiss(String channel) implements ServerMessage {}

  /// The sign-in stands; `userData` comes back as it was sent (section 4.1).
  record SigninSuccess(String userData) implements ServerMessage {}

  /// Watched users came or went (section 4.2); an empty list is left out.
  record WatchlistEvents(List<String> online, List<String> offline) implements ServerMessage {}

  /// An application's or client's event. `data` is the very string that came in; `userId` is set
  /// only for client events on presence channels (section 3).
  record Event(String channel, String event, String data, @Nullable String userId)
      implements ServerMessage {}
}
