package dev.fanfare.history;

import dev.fanfare.protocol.ChannelName;
import dev.fanfare.protocol.Origin;
import dev.fanfare.protocol.Publication;

/// Joins and leaves of users as a channel keeps them: in a log beside that of its events, as
/// [Publication]s that are never delivered. The log has a name that no channel has, and so has each
/// user for purges.
public final class PresenceEvents {

  /// The action of a user whose first connection has joined.
  public static final String JOINED = "joined";

  /// The action of a user whose last connection has left.
  public static final String LEFT = "left";

  private static final String LOG_PREFIX = "#presence-events:";
  private static final String USER_PREFIX = "#presence-user:";
  private static final String NAME_PREFIX = "#presence-name:";

  private PresenceEvents() {}

  /// A user has joined.
  public static Publication joined(ChannelName channel, String userId) {
    return new Publication(channel, JOINED, "", userId, null, Origin.HTTP);
  }

  /// A user has left.
  ///
  /// @param cause as the HTTP API names it
  public static Publication left(ChannelName channel, String userId, String cause) {
    return new Publication(channel, LEFT, cause, userId, null, Origin.HTTP);
  }

  /// The name of a channel's log.
  public static String log(ChannelName channel) {
    return LOG_PREFIX + channel.value();
  }

  /// True if it is the name of such a log.
  public static boolean isLog(String name) {
    return name.startsWith(LOG_PREFIX);
  }

  /// The channel of a log; call only if [#isLog].
  public static String channel(String log) {
    return log.substring(LOG_PREFIX.length());
  }

  /// The name of everything that is kept about a user.
  public static String user(String userId) {
    return USER_PREFIX + userId;
  }

  /// The name of what is kept about the name that a user has in the logs of a cluster.
  public static String name(String pseudonym) {
    return NAME_PREFIX + pseudonym;
  }

  /// True if it is such a name.
  public static boolean isUser(String name) {
    return name.startsWith(USER_PREFIX);
  }

  /// The user of such a name; call only if [#isUser].
  public static String userId(String name) {
    return name.substring(USER_PREFIX.length());
  }
}
