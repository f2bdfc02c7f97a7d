package dev.fanfare.config.schema;

import dev.fanfare.config.value.Kind;
import dev.fanfare.protocol.Limits;
import dev.fanfare.protocol.LimitsBuilder;
import java.util.List;

/// The numeric limits of one app: keys below `limits:`, variables with `LIMITS_`.
public final class LimitsSchema {

  private static final Limits HOSTED = Limits.HOSTED;
  private static final int MANY = 1_000_000_000;

  public static final Option<Integer> MAX_CONNECTIONS =
      limit(
          "max_connections",
          0,
          MANY,
          HOSTED.maxConnections(),
          "Connections of the app on this server, 0 for no limit; more get 4004.");

  public static final Option<Integer> MAX_SUBSCRIPTIONS =
      limit(
          "max_subscriptions",
          0,
          MANY,
          HOSTED.maxSubscriptions(),
          "Channels that one connection may subscribe to, 0 for no limit.");

  public static final Option<Integer> MAX_SUBSCRIPTION_CHANGES_PER_SECOND =
      limit(
          "max_subscription_changes_per_second",
          0,
          MANY,
          HOSTED.maxSubscriptionChangesPerSecond(),
          "Subscriptions, unsubscriptions and sign-ins, together, that one connection may make per"
              + " second after a burst of twice `max_subscriptions`, at least 2000; 0 for no limit."
              + " Faster ones wait.");

  public static final Option<Integer> MAX_CHANNEL_NAME_CHARS =
      limit(
          "max_channel_name_chars",
          1,
          1_000,
          HOSTED.maxChannelNameChars(),
          "Length of a channel name, in characters.");

  public static final Option<Integer> MAX_EVENT_NAME_CHARS =
      limit(
          "max_event_name_chars",
          1,
          1_000,
          HOSTED.maxEventNameChars(),
          "Length of an event name, in characters.");

  public static final Option<Integer> MAX_EVENT_BYTES =
      limit(
          "max_event_bytes",
          1,
          1 << 28,
          HOSTED.maxEventBytes(),
          "Size of an event's data, from a server or from a client, in bytes.");

  public static final Option<Integer> MAX_CHANNELS_PER_EVENT =
      limit(
          "max_channels_per_event",
          1,
          100_000,
          HOSTED.maxChannelsPerEvent(),
          "Channels that one request may publish an event to.");

  public static final Option<Integer> MAX_BATCH_EVENTS =
      limit("max_batch_events", 1, 100_000, HOSTED.maxBatchEvents(), "Events in one batch.");

  public static final Option<Integer> MAX_CLIENT_EVENTS_PER_SECOND =
      limit(
          "max_client_events_per_second",
          0,
          MANY,
          HOSTED.maxClientEventsPerSecond(),
          "Client events that one connection may send per second, 0 for no limit.");

  public static final Option<Integer> MAX_PRESENCE_MEMBERS =
      limit(
          "max_presence_members",
          1,
          MANY,
          HOSTED.maxPresenceMembers(),
          "Distinct users on one presence channel.");

  public static final Option<Integer> MAX_PRESENCE_MEMBER_BYTES =
      limit(
          "max_presence_member_bytes",
          1,
          1 << 20,
          HOSTED.maxPresenceMemberBytes(),
          "Size of the `user_info` of a presence member, in bytes.");

  public static final Option<Integer> MAX_USER_ID_CHARS =
      limit(
          "max_user_id_chars",
          1,
          10_000,
          HOSTED.maxUserIdChars(),
          "Length of a user id on a presence channel, in characters.");

  public static final Option<Integer> MAX_WATCHLIST =
      limit(
          "max_watchlist",
          1,
          100_000,
          HOSTED.maxWatchlist(),
          "Users that one user may watch; any more are ignored.");

  public static final Option<Integer> CACHE_TTL_SECONDS =
      limit(
          "cache_ttl_seconds",
          1,
          MANY,
          HOSTED.cacheTtlSeconds(),
          "Seconds that a cache channel keeps its last event.");

  public static final Option<Integer> MAX_CACHE_BYTES =
      limit(
          "max_cache_bytes",
          0,
          MANY,
          HOSTED.maxCacheBytes(),
          "Memory for the last events of the app's cache channels, in bytes, 0 for no limit but"
              + " that of the server (`cache_memory_bytes`). About 600 for a small event.");

  public static final Option<Integer> MAX_HTTP_EVENTS_PER_SECOND =
      limit(
          "max_http_events_per_second",
          0,
          MANY,
          HOSTED.maxHttpEventsPerSecond(),
          "Events that servers may publish per second, 0 for no limit; more get 429. An event"
              + " counts once for each of its channels. The nodes of a cluster share it.");

  public static final Option<Integer> MAX_HTTP_READS_PER_SECOND =
      limit(
          "max_http_reads_per_second",
          0,
          MANY,
          HOSTED.maxHttpReadsPerSecond(),
          "Requests for channel information that servers may send per second, 0 for no limit; more"
              + " get 429. The nodes of a cluster share it.");

  public static final List<Option<?>> ALL =
      List.of(
          MAX_CONNECTIONS,
          MAX_SUBSCRIPTIONS,
          MAX_SUBSCRIPTION_CHANGES_PER_SECOND,
          MAX_CHANNEL_NAME_CHARS,
          MAX_EVENT_NAME_CHARS,
          MAX_EVENT_BYTES,
          MAX_CHANNELS_PER_EVENT,
          MAX_BATCH_EVENTS,
          MAX_CLIENT_EVENTS_PER_SECOND,
          MAX_PRESENCE_MEMBERS,
          MAX_PRESENCE_MEMBER_BYTES,
          MAX_USER_ID_CHARS,
          MAX_WATCHLIST,
          CACHE_TTL_SECONDS,
          MAX_CACHE_BYTES,
          MAX_HTTP_EVENTS_PER_SECOND,
          MAX_HTTP_READS_PER_SECOND);

  private LimitsSchema() {}

  static Limits limits(Section app) {
    return LimitsBuilder.builder()
        .maxConnections(app.get(MAX_CONNECTIONS))
        .maxSubscriptions(app.get(MAX_SUBSCRIPTIONS))
        .maxSubscriptionChangesPerSecond(app.get(MAX_SUBSCRIPTION_CHANGES_PER_SECOND))
        .maxChannelNameChars(app.get(MAX_CHANNEL_NAME_CHARS))
        .maxEventNameChars(app.get(MAX_EVENT_NAME_CHARS))
        .maxEventBytes(app.get(MAX_EVENT_BYTES))
        .maxChannelsPerEvent(app.get(MAX_CHANNELS_PER_EVENT))
        .maxBatchEvents(app.get(MAX_BATCH_EVENTS))
        .maxClientEventsPerSecond(app.get(MAX_CLIENT_EVENTS_PER_SECOND))
        .maxPresenceMembers(app.get(MAX_PRESENCE_MEMBERS))
        .maxPresenceMemberBytes(app.get(MAX_PRESENCE_MEMBER_BYTES))
        .maxUserIdChars(app.get(MAX_USER_ID_CHARS))
        .maxWatchlist(app.get(MAX_WATCHLIST))
        .cacheTtlSeconds(app.get(CACHE_TTL_SECONDS))
        .maxCacheBytes(app.get(MAX_CACHE_BYTES))
        .maxHttpEventsPerSecond(app.get(MAX_HTTP_EVENTS_PER_SECOND))
        .maxHttpReadsPerSecond(app.get(MAX_HTTP_READS_PER_SECOND))
        .build();
  }

  private static Option<Integer> limit(String name, int min, int max, int fallback, String doc) {
    return Option.of("limits." + name, new Kind.Whole(min, max), fallback, doc);
  }
}
