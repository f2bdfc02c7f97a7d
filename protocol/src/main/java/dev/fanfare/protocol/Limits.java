package dev.fanfare.protocol;

import io.soabase.recordbuilder.core.RecordBuilder;

/// The limits of one app, by default those of the hosted service where it documents any. Each is an
/// option of the app; zero means "no limit" only where stated.
///
/// @param maxConnections connections of the app on this node, 0 = no limit (4004 above)
/// @param maxSubscriptions channels one connection may be subscribed to, 0 = no limit
/// @param maxSubscriptionChangesPerSecond subscriptions, unsubscriptions and sign-ins that one
///   connection may make per second after a burst, 0 = no limit; faster ones wait (2.6)
/// @param maxChannelNameChars characters of a channel name; documented 164, SDKs check 200 (2.1)
/// @param maxEventNameChars characters of an event name (6.4)
/// @param maxEventBytes UTF-8 bytes of an event's data, over HTTP or from a client (6.4, 3)
/// @param maxChannelsPerEvent channels of one HTTP publish (6.4)
/// @param maxBatchEvents events of one HTTP batch (6.5)
/// @param maxClientEventsPerSecond client events a connection may send (3), 0 = no limit
/// @param maxPresenceMembers distinct users of a presence channel (2.5)
/// @param maxPresenceMemberBytes UTF-8 bytes of a presence member's `user_info` (2.5)
/// @param maxUserIdChars characters of a presence user id (2.5)
/// @param maxWatchlist user ids of a watchlist that are used (4.2)
/// @param cacheTtlSeconds how long a cache channel keeps its last event (5)
/// @param maxCacheBytes heap for the last events of the app's cache channels, 0 = no limit (5)
/// @param maxHttpEventsPerSecond events that servers may publish, counted once per channel, 0 = no
///   limit (429 above)
/// @param maxHttpReadsPerSecond read requests that servers may send (6.6 to 6.8), 0 = no limit (429
///   above)
@RecordBuilder
public record Limits(
    int maxConnections,
    int maxSubscriptions,
    int maxSubscriptionChangesPerSecond,
    int maxChannelNameChars,
    int maxEventNameChars,
    int maxEventBytes,
    int maxChannelsPerEvent,
    int maxBatchEvents,
    int maxClientEventsPerSecond,
    int maxPresenceMembers,
    int maxPresenceMemberBytes,
    int maxUserIdChars,
    int maxWatchlist,
    int cacheTtlSeconds,
    int maxCacheBytes,
    int maxHttpEventsPerSecond,
    int maxHttpReadsPerSecond)
    implements LimitsBuilder.With {

  /// The hosted service's limits. It counts messages per day and documents no request rate, so
  /// there is none here. It documents no limits on subscriptions either; these two are far above
  /// what its clients need, and bound what one connection can make the server hold and compute.
  public static final Limits HOSTED =
      LimitsBuilder.builder()
          .maxConnections(0)
          .maxSubscriptions(1_000)
          .maxSubscriptionChangesPerSecond(100)
          .maxChannelNameChars(200)
          .maxEventNameChars(200)
          .maxEventBytes(10_240)
          .maxChannelsPerEvent(100)
          .maxBatchEvents(10)
          .maxClientEventsPerSecond(10)
          .maxPresenceMembers(100)
          .maxPresenceMemberBytes(1_024)
          .maxUserIdChars(128)
          .maxWatchlist(100)
          .cacheTtlSeconds(1_800)
          .maxCacheBytes(0)
          .maxHttpEventsPerSecond(0)
          .maxHttpReadsPerSecond(0)
          .build();

  /// Seconds without inbound frames after which either side probes the other (1.4).
  public static final int ACTIVITY_TIMEOUT_SECONDS = 120;

  /// Seconds that the answer to a probe may take (1.4).
  public static final int PONG_TIMEOUT_SECONDS = 30;

  /// Characters of a signed-in user's id; the strictest SDK allows this many (4.1).
  public static final int MAX_SIGNIN_ID_CHARS = 200;

  /// Seconds that a signed request's timestamp may be off (6.1).
  public static final int REQUEST_WINDOW_SECONDS = 600;

  /// Bytes of a close frame's reason: 125 of a control frame less 2 for the code (RFC 6455 5.5).
  public static final int MAX_CLOSE_REASON_BYTES = 123;
}
